// The left pane: the survey itself and its questions, one card each. A card is drawn anew only when what it shows has
// changed, and never under somebody's fingers.

import { LABELLED, askedAbout, condition, firstText, labelOf, shortened } from './survey_conditions.js';
import { draft, edit, flush, undo } from './survey_draft.js';
import { field, folded, h, icon, idOf, put, say, select, standing, texts, toast, words } from './survey_fields.js';
import { KINDS, body, fresh, isFixed } from './survey_question.js';
import { isTable, same, freeKey, renaming, applied } from './survey_table.js';

const list = document.getElementById('cards');
const own = document.getElementById('survey-card');
const open = new Set(); // the keys of the cards that are open
const drawnAs = new WeakMap();

const questions = () => (Array.isArray(draft.table?.question) ? draft.table.question.map((one) => (isTable(one) ? one : {})) : []);
const keyAt = (n) => String(questions()[n]?.key ?? `no-key-${n}`);

// --- drawing --------------------------------------------------------------------------------------------------------

let composing = false;
let pressing = false;
let waits = false;
addEventListener('compositionstart', () => { composing = true; }, true);
addEventListener('compositionend', () => { composing = false; setTimeout(later); }, true);
addEventListener('pointerdown', () => { pressing = true; }, true);
for (const event of ['pointerup', 'pointercancel']) addEventListener(event, () => { setTimeout(() => { pressing = false; later(); }); }, true);
const later = () => { if (waits) refresh(); };

// Draw every card whose content differs from what it shows; not while somebody is composing a character or pressing.
// Returns whether it was done.
export function refresh() {
  waits = composing || pressing;
  if (!waits) standing(drawAll);
  return !waits;
}

function drawAll() {
  const about = JSON.stringify([draft.languages, draft.fixed, askedAbout(draft.table ?? {}).map((one) => [one.key, one.kind, one.scale, one.options.map((option) => option.key)])]);
  relabel();
  const old = new Map([...list.children].map((card) => [card.dataset.key, card]));
  const cards = questions().map((question, n) => {
    const key = keyAt(n);
    const as = [question, n, questions().length, open.has(key) ? about : draft.languages[0], open.has(key)];
    const stands = old.get(key);
    if (stands && same(drawnAs.get(stands), as)) return stands;
    const made = card(question, n);
    drawnAs.set(made, structuredClone(as));
    return made;
  });
  if (cards.length !== list.children.length || cards.some((each, n) => list.children[n] !== each)) list.replaceChildren(...cards);
  const itself = [draft.languages, about, ['title', 'apology', 'thanks', 'unhappy', 'explain'].map((name) => draft.table?.[name])];
  if (!same(drawnAs.get(own), itself)) { drawOwn(); drawnAs.set(own, structuredClone(itself)); }
  document.dispatchEvent(new CustomEvent('cards-drawn'));
}

let labels = new Map();

// Other cards name a question by its words: where only those changed, they are changed there.
function relabel() {
  const asked = askedAbout(draft.table ?? {});
  const options = asked.flatMap((one) => one.options.map((option) => [`${one.key}.${option.key}`, firstText(option.label) || option.key]));
  const now = new Map([...questions().map((one, n) => [one.key, labelOf(one, n)]), ...asked.map((one) => [one.key, one.label]), ...options]);
  const changed = new Map([...now].filter(([key, label]) => labels.has(key) && labels.get(key) !== label));
  labels = now;
  if (!changed.size) return;
  for (const option of document.querySelectorAll('#questions-pane select.of-questions > option')) {
    if (changed.has(option.value)) option.textContent = changed.get(option.value);
  }
  for (const option of document.querySelectorAll('#questions-pane select.of-options > option')) {
    const place = `${option.parentElement.dataset.of}.${option.value}`;
    if (changed.has(place)) option.textContent = changed.get(place);
  }
}

// What is typed into a card is in it already: it only has to say so, and to show its first words above.
export function typedInto() {
  questions().forEach((question, n) => {
    const one = list.children[n];
    if (!one || one.dataset.key !== keyAt(n)) return;
    const title = one.querySelector('.card-title');
    const said = titleOf(question);
    if (title.textContent !== said) title.textContent = said;
    const as = drawnAs.get(one);
    if (as) drawnAs.set(one, [structuredClone(question), ...as.slice(1)]);
  });
  const as = drawnAs.get(own);
  if (as) drawnAs.set(own, [...as.slice(0, 2), structuredClone(['title', 'apology', 'thanks', 'unhappy', 'explain'].map((name) => draft.table?.[name]))]);
}

const titleOf = (question) => shortened(firstText(question.text), 90) || say('no_text_yet');

function card(question, n) {
  const key = keyAt(n);
  const unfolded = open.has(key);
  const id = `card-${key}`;
  const drawn = () => { drawnAs.delete(list.children[n]); refreshNow(); };
  const name = { name: titleOf(question) };
  const last = questions().length - 1;
  const head = h('div', { className: 'card-head' },
    h('h3', {}, h('button', { type: 'button', id, className: 'opens', 'aria-expanded': String(unfolded), 'aria-controls': `${idOf(['question', n])}-body`, on: { click: () => toggle(key) } },
      h('span', { className: 'card-number' }, String(n + 1)), h('span', { className: 'card-title', dir: 'auto' }, titleOf(question)),
      h('span', { className: 'card-kind' }, words.kinds[question.kind]?.name ?? question.kind ?? '?'), h('span', { className: 'flag', hidden: true }))),
    h('div', { className: 'tools' }, icon('up', say('move_up', name), () => move(n, n - 1), { id: `${id}-up`, disabled: n === 0, 'aria-keyshortcuts': 'Alt+ArrowUp' }),
      icon('down', say('move_down', name), () => move(n, n + 1), { id: `${id}-down`, disabled: n === last, 'aria-keyshortcuts': 'Alt+ArrowDown' }),
      icon('twice', say('duplicate_what', name), () => duplicate(n), { id: `${id}-twice` }), icon('away', say('remove_what', name), () => remove(n), { id: `${id}-remove` })));
  const keys = (event) => {
    if (!event.altKey || event.ctrlKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
    event.preventDefault();
    move(n, n + (event.key === 'ArrowUp' ? -1 : 1));
  };
  return h('li', { className: `question-card${unfolded ? ' unfolded' : ''}`, 'data-key': key, 'data-at': idOf(['question', n]), on: { keydown: keys } }, head,
    unfolded ? whole(() => body(question, n, drawn)) : null, h('ul', { className: 'mistakes', id: `${idOf(['question', n])}-wrong` }));
}

// A file may say anything, such as a number where a text belongs: what has no fields is edited as text.
function whole(draw) {
  try { return draw(); } catch { return h('p', { className: 'body' }, say('only_as_text')); }
}

// After what somebody chose or pressed: at once.
export function refreshNow() {
  pressing = false;
  refresh();
}

export function toggle(key, wanted = !open.has(key)) {
  if (wanted) open.add(key); else open.delete(key);
  refreshNow();
}

export function openAt(n) {
  toggle(keyAt(n), true);
}

export function openAll(wanted) {
  if (wanted) questions().forEach((_, n) => open.add(keyAt(n))); else open.clear();
  refreshNow();
}

// --- the survey itself ----------------------------------------------------------------------------------------------

function drawOwn() {
  own.replaceChildren(...[whole(ownFields)].flat());
}

function ownFields() {
  const named = questions().flatMap((each, n) => (each.kind === 'text' ? [[each.key, labelOf(each, n)]] : []));
  const drawn = () => { drawnAs.delete(own); refreshNow(); };
  const unhappy = condition(['unhappy'], say('unhappy'), { drawn, hint: say('unhappy_hint') });
  return [
    folded('own-title', say('own_title'), texts(['title'], say('title'), { rows: 0, hint: say('title_hint') })),
    folded('own-unhappy', say('own_unhappy'), unhappy,
      field(['explain'], say('explain'), select(draft.table?.explain ?? '', [['', say('explain_own')], ...named], (key) => put(['explain'], key), { id: 'explain', className: 'of-questions' }), say('explain_hint')),
      texts(['apology'], say('apology'), { rows: 3, hint: say('apology_hint') })),
    folded('own-thanks', say('own_thanks'), texts(['thanks'], say('thanks'), { rows: 3, hint: say('thanks_hint') })),
  ];
}

// --- what is done to whole questions --------------------------------------------------------------------------------

function move(n, to) {
  if (to < 0 || to >= questions().length) return;
  const key = keyAt(n);
  const one = document.activeElement?.id;
  edit([{ move: ['question'], at: n, to }]);
  flush();
  refreshNow();
  const again = document.getElementById(one);
  (again && !again.disabled && again.closest('[data-key]')?.dataset.key === key ? again : document.getElementById(`card-${key}`))?.focus();
  announce(say('moved_to', { number: to + 1 }));
}

function duplicate(n) {
  const question = structuredClone(questions()[n]);
  const taken = new Set(questions().map((each) => each.key));
  const key = freeKey(question.key ?? 'question', taken);
  const twin = applied({ question: [question] }, renaming({ question: [question] }, 0, key)).question[0];
  added(n + 1, twin);
}

function remove(n) {
  const name = titleOf(questions()[n]);
  edit([{ drop: ['question', n] }]);
  flush();
  refreshNow();
  document.getElementById(`card-${keyAt(Math.min(n, questions().length - 1))}`)?.focus();
  toast(say('removed', { name }), say('undo'), undo);
}

// Add a question of a kind behind all others; its key is free for as long as it was never published.
export function add(kind) {
  const taken = new Set([...questions().map((each) => each.key), ...(draft.fixed ?? [])]);
  const key = freeKey({ csat: 'satisfaction', nps: 'recommend', ces: 'effort', text: 'comment' }[kind] ?? `question_${questions().length + 1}`, taken);
  added(questions().length, { key, kind, ...(LABELLED.includes(kind) ? { options: fresh('option') } : {}), ...(kind === 'matrix' ? { rows: fresh('row') } : {}) });
}

function added(n, question) {
  edit([{ insert: ['question'], at: n, table: question }]);
  flush();
  open.add(question.key);
  refreshNow();
  document.getElementById(idOf(['question', n, 'text', draft.languages[0]]))?.focus();
}

export function announce(text) {
  document.getElementById('news').textContent = text;
}

// Return the menu of kinds, each with a line that says what it is for.
export function kindsMenu(close) {
  return KINDS.map((kind) => h('button', { type: 'button', className: 'kind', on: { click: () => { close(); add(kind); } } },
    h('strong', {}, words.kinds[kind].name), h('span', { className: 'soft' }, words.kinds[kind].about)));
}

export { isFixed };
