// What the check of a draft says: above all, in number and in words that lead to their fields, and at the fields.

import { draft } from './survey_draft.js';
import { h, idOf, remembered, say, standing } from './survey_fields.js';
import { openAt } from './survey_cards.js';
import { firstText, shortened } from './survey_conditions.js';

const SETTINGS = ['touchpoint', 'languages', 'delay', 'expires', 'remind', 'follow_up', 'share', 'consent', 'anonymous'];
const TRIED = ['experiment', 'variant'];
// What is wrong and how to mend it, as one writes two sentences in this language.
export const saidOf = (one) => [one.message, one.mend].join(document.documentElement.lang.startsWith('zh') ? '' : ' ');

const head = document.getElementById('problems');

// Say how many things there are to mend and how much advice, and list them.
export function summary() {
  const wrong = draft.problems.filter((one) => one.severity === 'error');
  const advice = draft.problems.filter((one) => one.severity !== 'error');
  const counted = [wrong.length && say(wrong.length === 1 ? 'one_to_mend' : 'to_mend', { count: wrong.length }), advice.length && say(advice.length === 1 ? 'one_advice' : 'advice', { count: advice.length })];
  const said = counted.filter(Boolean).join(say('comma')) || say('all_well');
  head.classList.toggle('wrong', wrong.length > 0);
  standing(() => {
    head.querySelector('summary').textContent = said;
    head.querySelector('ul').replaceChildren(...[...wrong, ...advice].map(line));
  });
  if (!draft.problems.length) head.open = false;
}

function line(one) {
  const [part, n] = one.path;
  const question = part === 'question' ? draft.table?.question?.[n] : null;
  const where = question ? `${n + 1}. ${shortened(firstText(question.text), 30) || question.key}` : draft.table ? '' : say('line', { number: one.line });
  return h('li', { className: one.severity }, h('button', { type: 'button', on: { click: () => lead(one) } },
    where ? h('strong', {}, `${where} `) : null, h('span', {}, saidOf(one))));
}

function lead(one) {
  const page = SETTINGS.includes(one.path[0]) ? 'settings' : TRIED.includes(one.path[0]) ? 'variants' : '';
  if (page) { location.assign(`${document.querySelector('[data-survey]').dataset.survey}/${page}#${idOf(one.path)}`); return; }
  if (!draft.table || !one.path.length || !goTo(one.path)) document.dispatchEvent(new CustomEvent('lead-to-line', { detail: one.line }));
}

// Open what a place is in, and stand on its field. Returns whether there is one.
export function goTo(path) {
  document.dispatchEvent(new CustomEvent('lead-to-questions'));
  if (path[0] === 'question' && typeof path[1] === 'number') openAt(path[1]);
  const place = nearest(path);
  if (!place) return false;
  for (let box = place.closest('details'); box; box = box.parentElement?.closest('details')) { box.open = true; remembered.add(box.id); }
  const control = document.getElementById(idOf(path));
  const field = control?.matches('input, select, textarea') ? control : place.querySelector('input, select, textarea, button') ?? place;
  field.scrollIntoView({ block: 'center' });
  field.focus({ preventScroll: true });
  return true;
}

const places = () => new Map([...document.querySelectorAll('#questions-pane [data-at]')].map((one) => [one.dataset.at, one]));

// Return the element at a place, or at the nearest place around it that is shown.
function nearest(path, known = places()) {
  for (let length = path.length; length; length -= 1) {
    const place = known.get(idOf(path.slice(0, length)));
    if (place) return place;
  }
  return null;
}

// Show every problem at its field, and mark the cards that have some.
export function atFields() {
  for (const box of document.querySelectorAll('#questions-pane .mistakes')) if (box.childElementCount) box.replaceChildren();
  for (const one of document.querySelectorAll('#questions-pane [aria-invalid]')) one.removeAttribute('aria-invalid');
  for (const box of document.querySelectorAll('#questions-pane .wants')) box.classList.remove('wants');
  const known = places();
  draft.problems.forEach((one) => show(one, known));
  [...document.querySelectorAll('.question-card')].forEach(mark);
}

function show(one, known) {
  if (!one.path.length || !draft.table) return;
  const place = nearest(one.path, known);
  const box = place && [...place.children].find((child) => child.classList.contains('mistakes'));
  if (!box) return;
  if (place.matches('.question-card:not(.unfolded)')) return; // a folded card has a mark instead
  box.append(h('li', { className: one.severity }, saidOf(one)));
  for (let around = place.closest('details'); around; around = around.parentElement?.closest('details')) around.classList.add('wants');
  const control = document.getElementById(idOf(one.path));
  if (!control?.matches('input, select, textarea')) return;
  if (one.severity === 'error') control.setAttribute('aria-invalid', 'true');
  control.setAttribute('aria-describedby', `${control.id}-hint ${box.id}`);
}

function mark(card, n) {
  const own = draft.problems.filter((one) => one.path[0] === 'question' && one.path[1] === n);
  const flag = card.querySelector('.card-head .flag');
  const wrong = own.filter((one) => one.severity === 'error').length;
  flag.hidden = !own.length;
  flag.classList.toggle('mild', own.length > 0 && !wrong);
  flag.textContent = wrong ? say('to_mend_short', { count: wrong }) : say('advice_short', { count: own.length });
  card.classList.toggle('wrong', wrong > 0);
}
