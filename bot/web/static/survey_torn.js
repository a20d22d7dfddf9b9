// What two editors changed in the same place: both are shown side by side, and whoever is here chooses.

import { labelOf } from './survey_conditions.js';
import { choose, draft, state } from './survey_draft.js';
import { button, h, languageName, say } from './survey_fields.js';
import { isTable } from './survey_table.js';

const box = document.getElementById('torn');

function show() {
  box.hidden = !state.torn.length;
  box.replaceChildren(...(state.torn.length ? [h('h2', {}, say('torn_title')), h('p', {}, say('torn_how', { by: state.torn[0].by ?? '' })), ...state.torn.map(one)] : []));
}

function one(torn, n) {
  const side = (value, label, act, id) => h('div', { className: 'side' }, h('h4', {}, label), h('pre', { dir: 'auto' }, written(value)), button(act, () => { choose(torn, value); show(); }, { id }));
  return h('div', { className: 'torn-one', role: 'group', 'aria-label': where(torn.path) }, h('p', {}, where(torn.path)),
    h('div', { className: 'sides' }, side(torn.theirs, say('theirs', { by: torn.by ?? '' }), say('keep_theirs'), `torn-${n}-theirs`), side(torn.mine, say('mine'), say('keep_mine'), `torn-${n}-mine`)));
}

// Say where a torn place is: the question by its number and words, the rest as the file calls it.
function where(path) {
  const questions = draft.table?.question ?? [];
  const n = path[0] === 'question' ? questions.findIndex((each) => each.key === path[1]) : -1;
  const rest = path.slice(n < 0 ? 0 : 2).map((part) => (draft.languages.includes(part) ? languageName(part) : part));
  return [...(n < 0 ? [] : [labelOf(questions[n], n)]), ...rest].join(' · ');
}

function written(value) {
  if (value === undefined) return say('torn_removed');
  if (isTable(value) || Array.isArray(value)) return JSON.stringify(value, null, 2).replace(/[{}"[\],]/g, '').replace(/\n\s*\n+/g, '\n').trim();
  return String(value);
}

document.addEventListener('draft-torn', show);
