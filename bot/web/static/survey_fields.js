// The fields of the survey editor: each stands under the place in the file that it changes, so that what is wrong
// there shows at it, and says in which language it is.

import { draft, edit, flush } from './survey_draft.js';
import { at, isTable } from './survey_table.js';

export const words = JSON.parse(document.getElementById('words').textContent);
words.kinds = Object.fromEntries(words.kinds.map(([kind, name, about]) => [kind, { name, about }]));

// Return one of our sentences in the viewer's language, its places filled.
export const say = (name, places = {}) => (words[name] ?? name).replace(/\{(\w+)\}/g, (_, place) => places[place] ?? '');
export const idOf = (path) => path.join('-');
export const languageName = (tag) => words.tags[tag] ?? tag;

// Return an element; null children are left out.
export function h(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') Object.entries(value).forEach(([event, hear]) => made.addEventListener(event, ['change', 'blur'].includes(event) ? byHand(hear) : hear));
    else if (name in made && !['spellcheck', 'list'].includes(name)) made[name] = value;
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

// A browser says that a field has changed, and was left, also when it is taken away in the middle of a word, to be drawn
// anew; and of what was written there again it says no more that it has changed: what counts at the end, counts on blur.
let drawing = false;
export const byHand = (hear) => (event) => { if (!drawing) hear(event); };

export const button = (label, act, more = {}) => h('button', { type: 'button', className: 'secondary', on: { click: act }, ...more }, label);
export const icon = (sign, label, act, more = {}) => h('button', { type: 'button', className: 'tool', 'aria-label': label, title: label, on: { click: act }, ...more }, drawn(sign));

const SIGNS = { up: 'M12 19V5M6 11l6-6 6 6', down: 'M12 5v14M6 13l6 6 6-6', away: 'M6 6l12 12M18 6L6 18', twice: 'M9 9h10v10H9zM5 15V5h10' };

function drawn(sign) {
  const [svg, path] = ['svg', 'path'].map((name) => document.createElementNS('http://www.w3.org/2000/svg', name));
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', SIGNS[sign]);
  svg.append(path);
  return svg;
}

// Let a value stand at a place; what is empty is taken away.
export function put(path, value, step = '') {
  const stands = at(draft.table, path);
  if (value === '' || value === undefined || value === null) { if (stands !== undefined) edit([{ drop: path }], step); } else edit([{ put: path, value }], step);
}

// --- one field ------------------------------------------------------------------------------------------------------

// Return a labelled control at its place, with room for what is wrong there.
export function field(path, label, control, hint = '') {
  const id = idOf(path);
  control.id ||= id;
  const told = hint ? h('p', { className: 'soft', id: `${id}-hint` }, hint) : null;
  if (told) control.setAttribute('aria-describedby', told.id);
  return h('div', { className: 'field', 'data-at': id }, h('label', { htmlFor: control.id }, label), control, told, h('ul', { className: 'mistakes', id: `${id}-wrong` }));
}

// Return a control into which somebody types: kept with each stroke, saved when they rest or leave it.
export function typed(path, { rows = 0, value = at(draft.table, path) ?? '', lang = null, keep = put, ...more } = {}) {
  const step = `typed:${idOf(path)}`.slice(0, 200);
  const hear = { input: (event) => keep(path, event.target.value, step), blur: flush };
  const shared = { value, dir: 'auto', lang, autocomplete: 'off', on: hear, ...more };
  return rows ? h('textarea', { rows, ...shared }) : h('input', { type: 'text', ...shared });
}

export function select(value, choices, change, more = {}) {
  const known = choices.some(([key]) => String(key) === String(value));
  const all = known ? choices : [[value, `${value} ?`], ...choices];
  return h('select', { on: { change: (event) => { change(event.target.value); flush(); } }, ...more },
    all.map(([key, label]) => h('option', { value: key, selected: String(key) === String(value) }, label)));
}

export function tick(path, label, { checked = at(draft.table, path) === true, change = (on) => put(path, on || undefined), hint = '' } = {}) {
  const id = idOf(path);
  const box = h('input', { type: 'checkbox', id, checked, on: { change: (event) => { change(event.target.checked); flush(); } } });
  return h('div', { className: 'field', 'data-at': id }, h('label', { className: 'tick' }, box, label),
    hint ? h('p', { className: 'soft' }, hint) : null, h('ul', { className: 'mistakes', id: `${id}-wrong` }));
}

// --- one text in all languages --------------------------------------------------------------------------------------

// Return the field of a text: the default language first, the others below, with what is missing marked.
export function texts(path, label, { rows = 2, wanted = false, hint = '', placeholder = () => null } = {}) {
  const [first, ...others] = draft.languages;
  const own = (tag) => typed([...path, tag], { rows, lang: tag, placeholder: placeholder(tag), spellcheck: 'true' });
  const stands = at(draft.table, path) ?? {};
  if (!isTable(stands) || Object.values(stands).some((one) => typeof one !== 'string')) throw new TypeError('no texts');
  const written = Object.keys(stands).length > 0;
  const stray = Object.keys(stands).filter((tag) => !draft.languages.includes(tag));
  return h('div', { className: 'texts', 'data-at': idOf(path) },
    first ? field([...path, first], others.length ? `${label} (${languageName(first)})` : label, own(first), hint) : null,
    others.length + stray.length ? translations(path, [...others, ...stray], own, wanted || written) : null,
    h('ul', { className: 'mistakes', id: `${idOf(path)}-wrong` }));
}

function translations(path, tags, own, wanted) {
  const missing = tags.filter((tag) => wanted && !at(draft.table, [...path, tag])).length;
  const box = h('details', { className: 'other-languages', id: `${idOf(path)}-more`, open: missing > 0 || remembered.has(idOf(path)) },
    h('summary', {}, say('translations'), missing ? h('span', { className: 'flag' }, say('missing_count', { count: missing })) : null),
    tags.map((tag) => field([...path, tag], languageName(tag), own(tag))));
  box.addEventListener('toggle', () => (box.open ? remembered.add(idOf(path)) : remembered.delete(idOf(path))));
  return box;
}

// What somebody opened stays open when its card is drawn anew.
export const remembered = new Set();

export function folded(id, label, ...children) {
  const box = h('details', { className: 'more', id, open: remembered.has(id) }, h('summary', {}, label), children);
  box.addEventListener('toggle', () => (box.open ? remembered.add(id) : remembered.delete(id)));
  return box;
}

// --- drawing anew without losing one's place ------------------------------------------------------------------------

// Run `draw`, then stand again where one stood, with the same letters marked. What counts only once its field is left
// (`data-late`) is in no draft yet: it is written there again.
export function standing(draw) {
  const one = document.activeElement;
  const id = one?.id;
  const marked = one?.matches?.('textarea, input[type=text]') ? [one.selectionStart, one.selectionEnd] : null;
  const late = one?.dataset?.late ? one.value : null;
  drawing = true;
  try { draw(); } finally { drawing = false; }
  const again = id && document.activeElement?.id !== id ? document.getElementById(id) : null;
  if (again && late !== null) again.value = late;
  again?.focus({ preventScroll: true });
  if (again && marked) again.setSelectionRange(...marked);
}

// Say something once, for eyes and for screen readers; with a button when something can be done about it.
export function toast(text, label = '', act = null) {
  const box = document.getElementById('told');
  const close = icon('away', say('close'), () => box.replaceChildren());
  const more = label ? button(label, () => { box.replaceChildren(); act(); }, { className: 'plain-button' }) : null;
  box.replaceChildren(h('p', {}, text), more ?? '', close);
}
