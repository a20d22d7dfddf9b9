// Conditions as selects: which question, which comparison, which answer, several joined by "and" or by "or". What is
// beyond that (brackets, facts, lists) is written freely, in the language of docs/author.md.

import { draft, flush } from './survey_draft.js';
import { button, field, h, icon, idOf, put, remembered, say, select, typed } from './survey_fields.js';
import { at, isTable } from './survey_table.js';

export const SCALES = { csat: [1, 5], nps: [0, 10], ces: [1, 7], stars: [1, 5], matrix: [1, 5] };
export const RATINGS = Object.keys(SCALES);
export const LABELLED = ['choice', 'choices', 'ranking'];
const SEVERAL = ['choices', 'ranking'];
const YES_NO = ['yes_no', 'consent'];
const OPS = { '<=': 'at_most', '>=': 'at_least', '==': 'is', '!=': 'is_not', '<': 'below', '>': 'above', in: 'includes', 'not in': 'includes_not' };
const OF_DATE = { '<': 'before_day', '<=': 'until_day', '==': 'is', '>=': 'from_day', '>': 'after_day' };

// --- what can be asked about ----------------------------------------------------------------------------------------

// The words of a text that whoever edits reads best: in their own language, else in the survey's first.
function firstText(texts) {
  const found = texts?.[document.documentElement.lang] ?? texts?.[draft.languages[0]] ?? Object.values(texts ?? {})[0];
  return typeof found === 'string' ? found : '';
}

// Return the words of a text without its logic, what is filled in by its name: "Hello ‹name›!".
export function shortened(text, most = 60) {
  const plain = text.replace(/\{%\s*(?:else|elif)\b.*?\{%\s*endif.*?%\}/gs, '').replace(/\{%.*?%\}/gs, '').replace(/\{\{\s*(?:\w+\.)?(\w+).*?\}\}/gs, '‹$1›').replace(/\s+/g, ' ').trim();
  return plain.length > most ? `${plain.slice(0, most - 1)}…` : plain;
}

export const labelOf = (question, n) => `${n + 1}. ${shortened(firstText(question.text)) || question.key || '…'}`;
export { firstText };

// Return everything that has an answer: questions, and each row of a matrix. What a file says amiss is left out.
export function askedAbout(table) {
  return listed(table.question).flatMap((question, n) => {
    if (question.kind === 'statement' || typeof question.key !== 'string') return [];
    const about = { kind: question.kind, scale: scaleOf(question), options: listed(question.options) };
    if (question.kind !== 'matrix') return [{ ...about, key: question.key, label: labelOf(question, n) }];
    return listed(question.rows).map((row) => ({ ...about, key: `${question.key}_${row.key}`, label: `${n + 1}. ${shortened(firstText(row.text)) || row.key}` }));
  });
}

const listed = (value) => (Array.isArray(value) ? value.map((one) => (isTable(one) ? one : {})) : []);
const scaleOf = ({ scale, kind }) => (Array.isArray(scale) && scale.length === 2 && scale.every(Number.isInteger) ? scale : SCALES[kind] ?? [0, 0]);

// --- reading and writing --------------------------------------------------------------------------------------------

const TOKEN = /\s*("[^"\\]*"|'[^'\\]*'|-?\d+(?:\.\d+)?|[A-Za-z_][\w.]*|[<>=!]=|[<>])/y;

function tokens(source) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const token = TOKEN.exec(source);
    if (!token) return null;
    found.push(token[1]);
  }
  return found;
}

const isText = (token) => /^["']/.test(token ?? '');
const bare = (token) => token.slice(1, -1);
const value = (token) => (isText(token) ? bare(token) : token);

// Return a condition as {join, parts: [{key, op, value}]}, null when it is beyond the selects.
export function read(source, asked) {
  const all = tokens(source);
  if (!all?.length) return null;
  const joins = new Set();
  const parts = [];
  for (let n = 0; n < all.length;) {
    if (parts.length) { if (!['and', 'or'].includes(all[n])) return null; joins.add(all[n]); n += 1; }
    const [part, taken] = readPart(all, n, asked);
    if (!part) return null;
    parts.push(part);
    n += taken;
  }
  return joins.size > 1 ? null : { join: [...joins][0] ?? 'and', parts };
}

function readPart(all, n, asked) {
  const about = (token) => asked.find((one) => one.key === token?.replace(/^answers\./, ''));
  if (isText(all[n])) {
    const op = all[n + 1] === 'not' && all[n + 2] === 'in' ? 'not in' : all[n + 1];
    const one = about(all[n + (op === 'not in' ? 3 : 2)]);
    return ['in', 'not in'].includes(op) && one && SEVERAL.includes(one.kind) ? [{ key: one.key, op, value: bare(all[n]) }, op === 'in' ? 3 : 4] : [null, 0];
  }
  const no = all[n] === 'not';
  const one = about(all[no ? n + 1 : n]);
  if (!one) return [null, 0];
  if (!no && all[n + 1] in OPS && all[n + 2] !== undefined) {
    const fits = choicesOf(one).some(([op]) => op === all[n + 1]) && (isText(all[n + 2]) || /\d/.test(all[n + 2][0]) || all[n + 2][0] === '-');
    return fits ? [{ key: one.key, op: all[n + 1], value: value(all[n + 2]) }, 3] : [null, 0];
  }
  return YES_NO.includes(one.kind) ? [{ key: one.key, op: '==', value: no ? 'no' : 'yes' }, no ? 2 : 1] : [null, 0];
}

const numeric = (one) => RATINGS.includes(one.kind) || one.kind === 'number';

export function written({ join, parts }, asked) {
  return parts.map((part) => {
    const one = asked.find((each) => each.key === part.key);
    const fixed = one && numeric(one) ? String(Number(part.value) || 0) : `"${String(part.value).replace(/["\\]/g, '')}"`;
    return SEVERAL.includes(one?.kind) ? `${fixed} ${part.op} ${part.key}` : `${part.key} ${part.op} ${fixed}`;
  }).join(` ${join} `);
}

// Return a comparison that makes sense to begin with.
export function usual(one) {
  if (RATINGS.includes(one.kind)) return { key: one.key, op: one.kind === 'ces' ? '>=' : '<=', value: one.kind === 'ces' ? one.scale[1] - 1 : one.kind === 'nps' ? 6 : one.scale[0] + 1 };
  if (LABELLED.includes(one.kind)) return { key: one.key, op: SEVERAL.includes(one.kind) ? 'in' : '==', value: one.options[0]?.key ?? '' };
  if (YES_NO.includes(one.kind)) return { key: one.key, op: '==', value: 'no' };
  return { key: one.key, op: one.kind === 'number' ? '>=' : '==', value: one.kind === 'number' ? 1 : one.kind === 'date' ? new Date().toISOString().slice(0, 10) : '' };
}

function choicesOf(one) {
  if (numeric(one)) return ['<=', '>=', '==', '!=', '<', '>'].map((op) => [op, say(OPS[op])]);
  if (SEVERAL.includes(one.kind)) return ['in', 'not in'].map((op) => [op, say(OPS[op])]);
  if (one.kind === 'date') return Object.entries(OF_DATE).map(([op, name]) => [op, say(name)]);
  return ['==', '!='].map((op) => [op, say(OPS[op])]);
}

// --- the field ------------------------------------------------------------------------------------------------------

// Return the field of a condition. `drawn` is called when its own selects have to be drawn anew.
export function condition(path, label, { first = null, drawn, hint = '' }) {
  const asked = askedAbout(draft.table);
  const source = at(draft.table, path) ?? '';
  const found = read(source, asked);
  const freely = `${idOf(path)}-freely`;
  if (source && (!found || remembered.has(freely))) return free(path, label, found && (() => { remembered.delete(freely); drawn(); }), hint);
  const keep = (now, step) => put(path, now.parts.length ? written(now, asked) : '', step);
  const change = (parts, join = found?.join ?? 'and') => { keep({ join, parts }); flush(); drawn(); };
  const parts = found?.parts ?? [];
  // What is typed is kept with each stroke, and nothing is drawn anew under the fingers.
  const type = (n, value) => {
    const now = read(at(draft.table, path) ?? '', asked) ?? found;
    keep({ ...now, parts: now.parts.map((each, m) => (m === n ? { ...each, value } : each)) }, `typed:${idOf(path)}`.slice(0, 200));
  };
  const begins = asked.find((one) => one.key === first) ?? asked.filter((one) => RATINGS.includes(one.kind))[0] ?? asked[0];
  const id = idOf(path);
  return h('div', { className: 'field condition', 'data-at': id, role: 'group', 'aria-labelledby': `${id}-name` },
    h('span', { id: `${id}-name`, className: 'label' }, label), hint ? h('p', { className: 'soft' }, hint) : null,
    parts.map((part, n) => comparison(id, part, n, { asked, path, change, type, join: found.join })),
    h('div', { className: 'acts start small' },
      begins ? button(parts.length ? say('one_more') : say('choose_when'), () => change([...(read(at(draft.table, path) ?? '', asked)?.parts ?? []), usual(begins)]), { id: `${id}-add` }) : null,
      parts.length ? button(say('freely'), () => { remembered.add(freely); drawn(); document.getElementById(id)?.focus(); }, { id: `${id}-free` }) : null),
    h('ul', { className: 'mistakes', id: `${id}-wrong` }));
}

function comparison(id, part, n, { asked, path, change, type, join }) {
  const one = asked.find((each) => each.key === part.key);
  const parts = () => read(at(draft.table, path) ?? '', asked)?.parts ?? [];
  const now = (more) => change(parts().map((each, m) => (m === n ? { ...each, ...more } : each)));
  const name = (what) => ({ id: `${id}-${n}-${what}`, 'aria-label': say(`condition_${what}`) });
  return h('div', { className: 'comparison' },
    n ? select(join, [['and', say('and')], ['or', say('or')]], (chosen) => change(parts(), chosen), name('join')) : null,
    select(part.key, asked.map((each) => [each.key, each.label]), (key) => now(usual(asked.find((each) => each.key === key))), { ...name('question'), className: 'of-questions' }),
    select(part.op, choicesOf(one), (op) => now({ op }), name('op')),
    answer(one, part, now, (value) => type(n, value), name('answer')),
    icon('away', say('remove'), () => change(parts().filter((_, m) => m !== n)), { id: `${id}-${n}-remove` }));
}

function answer(one, part, now, type, name) {
  if (RATINGS.includes(one.kind)) {
    const [low, high] = one.scale;
    return select(part.value, Array.from({ length: Math.max(0, Math.min(high - low + 1, 12)) }, (_, n) => [low + n, low + n]), (chosen) => now({ value: chosen }), name);
  }
  if (LABELLED.includes(one.kind)) return select(part.value, one.options.map((option) => [option.key, firstText(option.label) || option.key]), (chosen) => now({ value: chosen }), { ...name, className: 'of-options', 'data-of': one.key });
  if (YES_NO.includes(one.kind)) return select(part.value, [['yes', say('yes')], ['no', say('no')]], (chosen) => now({ value: chosen }), name);
  const kind = { number: 'number', date: 'date' }[one.kind] ?? 'text';
  return h('input', { type: kind, value: part.value, ...name, on: { input: (event) => type(event.target.value), blur: flush } });
}

function free(path, label, back, hint) {
  return h('div', {}, field(path, label, typed(path, { rows: 2, spellcheck: 'false', className: 'written' }), hint || say('free_hint')),
    back ? h('div', { className: 'acts start small' }, button(say('by_selects'), back, { id: `${idOf(path)}-selects` })) : null);
}
