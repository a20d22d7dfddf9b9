// What comes after a question: branches from top to bottom, the first that fits decides, and where all others go.

import { condition, askedAbout, labelOf, usual, written } from './survey_conditions.js';
import { draft, edit, flush } from './survey_draft.js';
import { button, h, icon, idOf, put, say, select } from './survey_fields.js';

// Return the branches of a question; `drawn` draws its card anew.
export function branches(question, n, drawn) {
  const path = ['question', n, 'branch'];
  const list = Array.isArray(question.branch) ? question.branch : [];
  const always = list.length && isAlways(list.at(-1)) ? list.at(-1) : null;
  const asking = always ? list.slice(0, -1) : list;
  const begin = asking.length || always ? null : say('branch_none');
  return h('fieldset', { className: 'follows', 'data-at': idOf(path) }, h('legend', {}, say('what_follows')),
    begin ? h('p', { className: 'soft' }, begin) : null,
    h('ol', {}, asking.map((_, m) => branch([...path, m], question, asking, m, drawn))),
    h('div', { className: 'others', 'data-at': always ? idOf([...path, asking.length]) : null },
      h('label', { htmlFor: `${idOf(path)}-others` }, asking.length ? say('others_go') : say('then_go')),
      select(always ? always.to : '', places(n, true), (to) => others(path, asking.length, always, to, drawn), { id: `${idOf(path)}-others`, className: 'of-questions' }),
      always ? h('ul', { className: 'mistakes', id: `${idOf([...path, asking.length])}-wrong` }) : null),
    button(say('add_branch'), () => add(path, question, asking.length, drawn), { id: `${idOf(path)}-add`, disabled: !begins(question) }),
    h('ul', { className: 'mistakes', id: `${idOf(path)}-wrong` }));
}

const isAlways = (one) => !one.when || one.when === 'true';

function branch(path, question, list, m, drawn) {
  const around = path.slice(0, -1);
  const move = (to) => { edit([{ move: around, at: m, to }]); flush(); drawn(); };
  const name = say('branch_number', { number: m + 1 });
  const to = [...path, 'to'];
  return h('li', { 'data-at': idOf(path) },
    condition([...path, 'when'], say('when'), { first: begins(question)?.key, drawn, hint: isAlways(list[m]) ? say('always') : '' }),
    h('div', { className: 'field', 'data-at': idOf(to) }, h('label', { htmlFor: idOf(to) }, say('go_to')),
      select(list[m].to ?? '', places(path[1], false), (key) => { put(to, key); drawn(); }, { id: idOf(to), className: 'of-questions' }), h('ul', { className: 'mistakes', id: `${idOf(to)}-wrong` })),
    h('div', { className: 'tools' }, icon('up', say('move_up', { name }), () => move(m - 1), { disabled: m === 0, id: `${idOf(path)}-up` }),
      icon('down', say('move_down', { name }), () => move(m + 1), { disabled: m === list.length - 1, id: `${idOf(path)}-down` }),
      icon('away', say('remove_what', { name }), () => { edit([{ drop: path }]); flush(); drawn(); }, { id: `${idOf(path)}-remove` })),
    h('ul', { className: 'mistakes', id: `${idOf(path)}-wrong` }));
}

// Where one can go from a question: on, to another one, to the end.
function places(n, next) {
  const others = (draft.table.question ?? []).map((each, m) => [each.key, labelOf(each, m)]).filter(([key], m) => key && m !== n);
  return [...(next ? [['', say('next_question')]] : []), ...others, ['end', say('the_end')]];
}

function others(path, count, always, to, drawn) {
  if (!to) edit([{ drop: [...path, count] }]);
  else if (always) put([...path, count, 'to'], to);
  else edit([{ insert: path, at: count, table: { to } }]);
  flush();
  drawn();
}

// What a new branch asks about first: the question itself, else the nearest one before it that has an answer.
function begins(question) {
  const asked = askedAbout(draft.table);
  const own = asked.find((one) => one.key === question.key || one.key.startsWith(`${question.key}_`) && question.kind === 'matrix');
  if (own && !['text', 'contact'].includes(own.kind)) return own;
  const order = (draft.table.question ?? []).map((each) => each.key);
  const before = new Set(order.slice(0, order.indexOf(question.key)));
  return asked.filter((one) => before.has(one.key)).at(-1) ?? own ?? null;
}

function add(path, question, count, drawn) {
  const asked = askedAbout(draft.table);
  const when = written({ join: 'and', parts: [usual(begins(question))] }, asked);
  edit([{ insert: path, at: count, table: { when, to: 'end' } }]);
  flush();
  drawn();
  document.getElementById(`${idOf([...path, count, 'when'])}-0-op`)?.focus();
}
