// What stands in the card of a question: its texts, its kind, and what only that kind has.

import { branches } from './survey_follows.js';
import { LABELLED, RATINGS, SCALES, firstText } from './survey_conditions.js';
import { draft, edit, flush, save } from './survey_draft.js';
import { button, byHand, field, folded, h, icon, idOf, put, say, select, texts, tick, toast, typed, words } from './survey_fields.js';
import { at, freeKey, isKey, keyOf, renaming } from './survey_table.js';

export const KINDS = Object.keys(words.kinds);
const BELONGS = {
  scale: [...RATINGS, 'number'], low: RATINGS, high: RATINGS, options: LABELLED, rows: ['matrix'], top: ['ranking'], wants: ['contact'],
  sense: ['date'], earliest: ['date'], latest: ['date'], aspect: RATINGS.filter((kind) => kind !== 'matrix'), optional: KINDS.filter((kind) => kind !== 'statement'),
};

export const isFixed = (key) => (draft.fixed ?? []).includes(key);

// Return the fields of a question; `drawn` draws the card anew.
export function body(question, n, drawn) {
  const path = ['question', n];
  const kind = question.kind ?? '';
  const has = (name) => BELONGS[name].includes(kind);
  return h('div', { className: 'body', id: `${idOf(path)}-body` },
    texts([...path, 'text'], kind === 'matrix' ? say('introduction') : kind === 'statement' ? say('said') : say('asked'), { rows: 2, wanted: true }),
    kind === 'matrix' ? listOf([...path, 'rows'], question, 'row', drawn) : null,
    LABELLED.includes(kind) ? listOf([...path, 'options'], question, 'option', drawn) : null,
    kind === 'ranking' ? places(path, question) : null,
    kind === 'contact' ? wants(path, question) : null,
    kind === 'date' ? dates(path, question, drawn) : null,
    has('optional') ? tick([...path, 'optional'], say('optional')) : null,
    branches(question, n, drawn),
    folded(`${idOf(path)}-further`, say('further'),
      field([...path, 'kind'], say('kind'), select(kind, KINDS.map((each) => [each, words.kinds[each].name]), (chosen) => become(question, n, chosen, drawn), { id: idOf([...path, 'kind']) }), words.kinds[kind]?.about ?? ''),
      has('scale') ? scale(path, question, drawn) : null,
      has('low') ? ends(path, question) : null,
      has('aspect') ? field([...path, 'aspect'], say('aspect'), typed([...path, 'aspect'], { maxLength: 32, keep: keepKey }), say('aspect_hint')) : null,
      keyField(path, question, n)));
}

// A key has no room for other letters than these; what is typed otherwise is made to fit at once.
function keepKey(path, text, step) {
  put(path, text.toLowerCase().replace(/[^a-z0-9_]+/g, '_'), step);
}

function keyField(path, question, n) {
  const place = [...path, 'key'];
  if (isFixed(question.key)) return h('p', { className: 'soft', 'data-at': idOf(place) }, say('key_fixed', { key: question.key }), h('ul', { className: 'mistakes', id: `${idOf(place)}-wrong` }));
  const taken = new Set((draft.table.question ?? []).map((each) => each.key));
  const change = (event) => {
    const key = event.target.value.trim();
    if (key === question.key) return;
    if (isKey(key) && !taken.has(key)) { save(renaming(draft.table, n, key)); return; }
    event.target.value = question.key ?? '';
    toast(taken.has(key) ? say('key_taken', { key }) : say('key_unfit'));
  };
  return field(place, say('key'), h('input', { type: 'text', value: question.key ?? '', maxLength: 32, spellcheck: 'false', autocapitalize: 'none', 'data-late': '1', on: { change, blur: change } }), say('key_hint'));
}

// Let a question be of another kind, without what only the one before had.
function become(question, n, kind, drawn) {
  const path = ['question', n];
  const away = Object.keys(BELONGS).filter((name) => name in question && (!BELONGS[name].includes(kind) || name === 'scale'));
  const more = LABELLED.includes(kind) && !question.options ? [{ put: [...path, 'options'], value: fresh('option') }]
    : kind === 'matrix' ? [{ put: [...path, 'rows'], value: fresh('row') }] : [];
  edit([{ put: [...path, 'kind'], value: kind }, ...away.map((name) => ({ drop: [...path, name] })), ...more]);
  flush();
  drawn();
}

export const fresh = (stem) => [{ key: `${stem}_1` }, { key: `${stem}_2` }];

// --- scales ---------------------------------------------------------------------------------------------------------

function scale(path, question, drawn) {
  const place = [...path, 'scale'];
  const [low, high] = Array.isArray(question.scale) ? question.scale : SCALES[question.kind] ?? ['', ''];
  if (question.kind === 'nps') return null;
  if (question.kind === 'number') return bounds(place, low, high);
  const scales = question.kind === 'ces' ? [[1, 5], [1, 7]] : question.kind === 'stars' ? range(3, 10).map((end) => [1, end])
    : [...range(2, 11).filter((end) => end < 11).map((end) => [1, end]), [0, 10], [0, 5]].filter(([from, to]) => to - from >= 2);
  const choices = scales.map(([from, to]) => [`${from},${to}`, say('from_to', { low: from, high: to })]);
  return field(place, say('scale'), select(`${low},${high}`, choices, (chosen) => { put(place, chosen.split(',').map(Number)); drawn(); }, { id: idOf(place) }));
}

const range = (from, to) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

function bounds(place, low, high) {
  const control = (value, end) => h('input', { type: 'number', min: 0, value, id: `${idOf(place)}${end ? '-high' : ''}`, 'aria-label': say(end ? 'largest' : 'smallest'), on: { change } });
  const [least, most] = [control(low, 0), control(high, 1)];
  function change() {
    const [from, to] = [least.value, most.value];
    put(place, from === '' && to === '' ? '' : [Number(from || 0), Number(to || 1_000_000_000)]);
    flush();
  }
  return h('div', { className: 'field', 'data-at': idOf(place), role: 'group', 'aria-label': say('bounds') }, h('span', { className: 'label' }, say('bounds')),
    h('div', { className: 'beside' }, least, '–', most), h('ul', { className: 'mistakes', id: `${idOf(place)}-wrong` }));
}

function ends(path, question) {
  const brought = words.ends[question.kind];
  const placeholder = (end) => (tag) => brought?.[end]?.[tag] ?? null;
  return h('div', { className: 'pair' }, texts([...path, 'low'], say('low_end'), { rows: 0, placeholder: placeholder(0), hint: brought ? say('ends_hint') : '' }),
    texts([...path, 'high'], say('high_end'), { rows: 0, placeholder: placeholder(1) }));
}

// --- options and rows -----------------------------------------------------------------------------------------------

// Return the list of options of a choice, or of rows of a matrix; each gets its key by itself.
function listOf(path, question, stem, drawn) {
  const list = question[path.at(-1)] ?? [];
  const said = stem === 'row' ? 'text' : 'label';
  const add = () => {
    edit([{ insert: path, at: list.length, table: { key: freeKey(`${stem}_${list.length + 1}`, new Set(list.map((one) => one.key))) } }]);
    flush();
    drawn();
    document.getElementById(idOf([...path, list.length, said, draft.languages[0]]))?.focus();
  };
  const items = list.map((one, m) => item([...path, m], one, { question, list, m, said, stem, add, drawn }));
  return h('fieldset', { className: 'items', 'data-at': idOf(path) }, h('legend', {}, say(`${stem}s`)), h('ol', {}, items),
    button(say(`add_${stem}`), add, { id: `${idOf(path)}-add` }), h('ul', { className: 'mistakes', id: `${idOf(path)}-wrong` }));
}

function item(path, one, { question, list, m, said, stem, add, drawn }) {
  const move = (to) => { edit([{ move: path.slice(0, -1), at: m, to }]); flush(); drawn(); document.getElementById(`${idOf(path.slice(0, -1))}-${one.key}-${to < m ? 'up' : 'down'}`)?.focus(); };
  const remove = () => { edit([{ drop: path }]); flush(); drawn(); };
  const name = firstText(one[said]) || String(m + 1);
  const id = `${idOf(path.slice(0, -1))}-${one.key}`;
  const line = h('li', { 'data-at': idOf(path) }, texts([...path, said], say(stem, { number: m + 1 }), { rows: 0, wanted: true }),
    h('div', { className: 'tools' }, icon('up', say('move_up', { name }), () => move(m - 1), { id: `${id}-up`, disabled: m === 0 }),
      icon('down', say('move_down', { name }), () => move(m + 1), { id: `${id}-down`, disabled: m === list.length - 1 }), icon('away', say('remove_what', { name }), remove)),
    stem === 'row' ? folded(`${id}-further`, say('aspect'), field([...path, 'aspect'], say('aspect'), typed([...path, 'aspect'], { maxLength: 32, keep: keepKey }), say('aspect_hint'))) : null,
    h('ul', { className: 'mistakes', id: `${idOf(path)}-wrong` }));
  const first = line.querySelector('input');
  first?.addEventListener('keydown', (event) => { if (event.key === 'Enter' && !event.isComposing) { event.preventDefault(); add(); } });
  first?.addEventListener('blur', byHand((event) => named(path, { question, list, stem, text: event.target.value })));
  return line;
}

// A new option is called by its first words, as long as nothing names it yet.
function named(path, { question, list, stem, text }) {
  const { key } = at(draft.table, path) ?? {};
  const fixed = isFixed(stem === 'row' ? `${question.key}_${key}` : `${question.key}.${key}`);
  const conditions = JSON.stringify([draft.table.unhappy ?? '', (draft.table.question ?? []).map((each) => each.branch ?? [])]);
  if (fixed || !/^(option|row)_\d+$/.test(key ?? '') || conditions.includes(key)) return;
  const better = keyOf(text, key, new Set(list.map((each) => each.key).filter((each) => each !== key)));
  if (better !== key) { edit([{ put: [...path, 'key'], value: better }]); flush(); }
}

function places(path, question) {
  const count = (question.options ?? []).length;
  const place = [...path, 'top'];
  const choices = [['', say('all_places')], ...range(1, Math.max(1, count - 1)).map((n) => [n, n])];
  return field(place, say('places'), select(question.top ?? '', choices, (chosen) => put(place, chosen === '' ? '' : Number(chosen)), { id: idOf(place) }));
}

// --- a contact, a date ----------------------------------------------------------------------------------------------

function wants(path, question) {
  const place = [...path, 'wants'];
  const both = ['phone', 'email'];
  const chosen = Array.isArray(question.wants) ? question.wants : both;
  const change = (event) => {
    const now = both.filter((way) => document.getElementById(`${idOf(place)}-${way}`).checked);
    if (!now.length) { event.target.checked = true; return; } // one of the two it has to be
    put(place, now.length === 2 ? '' : now);
    flush();
  };
  return h('fieldset', { className: 'ticks', 'data-at': idOf(place) }, h('legend', {}, say('wants')),
    both.map((way) => h('label', { className: 'tick' }, h('input', { type: 'checkbox', id: `${idOf(place)}-${way}`, checked: chosen.includes(way), on: { change } }), say(way))),
    h('ul', { className: 'mistakes', id: `${idOf(place)}-wrong` }));
}

function dates(path, question, drawn) {
  const place = [...path, 'sense'];
  const senses = [['', say('any_day')], ['past', say('past_day')], ['future', say('future_day')]];
  return h('div', { className: 'trio' }, field(place, say('sense'), select(question.sense ?? '', senses, (chosen) => put(place, chosen), { id: idOf(place) })),
    ['earliest', 'latest'].map((end) => bound([...path, end], end, drawn)));
}

function bound(place, end, drawn) {
  const stands = at(draft.table, place) ?? '';
  const day = stands && stands !== 'today';
  const choose = (chosen) => { put(place, chosen === 'day' ? new Date().toISOString().slice(0, 10) : chosen); drawn(); };
  const which = select(day ? 'day' : stands, [['', say('no_bound')], ['today', say('today')], ['day', say('a_day')]], choose, { id: idOf(place) });
  const made = field(place, say(end), which);
  if (day) which.after(h('input', { type: 'date', value: stands, 'aria-label': say(end), on: { change: (event) => { if (event.target.value) { put(place, event.target.value); flush(); } } } }));
  return made;
}
