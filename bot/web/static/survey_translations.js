// Translations saved as they are typed, with what is missing and what was lost on the way marked at once.
// Alt and an arrow down or up lead to the next or the last text that is missing.

import { begin, draft, edit, flush, state } from './survey_draft.js';
import { at } from './survey_table.js';

const page = document.querySelector('.translations');
const told = document.getElementById('saving');
const next = document.getElementById('next-missing');
const rows = [...page.querySelectorAll('form.translated')];
const cells = rows.flatMap((row) => [...row.querySelectorAll('.cell')].map((cell) => ({
  cell, field: cell.querySelector('textarea'), tag: cell.dataset.tag, text: JSON.parse(row.dataset.path),
})));

const show = (now) => { told.textContent = told.dataset[now] ?? ''; told.dataset.now = now; };
told.hidden = false;
next.hidden = false;
for (const row of rows) {
  row.querySelector('.send').hidden = true;
  row.addEventListener('submit', (event) => event.preventDefault());
}

for (const one of cells) {
  const path = [...one.text, one.tag];
  one.field.addEventListener('input', () => {
    const said = one.field.value;
    if (said.trim()) edit([{ put: path, value: said }], `typed:${path.join('-')}`.slice(0, 200));
    else if (at(draft.table, path) !== undefined) edit([{ drop: path }], `typed:${path.join('-')}`.slice(0, 200));
    mark(one);
    count();
  });
  one.field.addEventListener('blur', flush);
}

// --- what is missing, what was lost ---------------------------------------------------------------------------------

const PLACES = /{[{%][^]*?[%}]}/g;
const VARIABLE = /\b(?:customer|service|business|answers)\.[a-z_][a-z0-9_]*/g;
const variables = (text) => new Set((text.match(PLACES) ?? []).flatMap((place) => place.match(VARIABLE) ?? []));

function mark({ cell, field, text }) {
  const missing = !field.value.trim();
  cell.classList.toggle('missing', missing);
  const original = at(draft.table, [...text, page.dataset.default]) ?? '';
  const said = variables(field.value);
  const lost = missing ? [] : [...variables(original)].filter((name) => !said.has(name)).sort();
  const line = cell.querySelector('.lost-variables');
  line.hidden = !lost.length;
  line.textContent = lost.length ? page.dataset.lost.replace('{names}', lost.join(', ')) : '';
}

// Only what is on the page changes here, so the numbers change by as much.
const first = Object.fromEntries([...document.querySelectorAll('[data-count]')].map((one) => [one.dataset.count, Number(one.textContent.match(/\d+/)?.[0] ?? 0)]));
const begun = missingOf();

function missingOf() {
  const found = {};
  for (const { cell, tag } of cells) found[tag] = (found[tag] ?? 0) + cell.classList.contains('missing');
  return found;
}

function count() {
  const now = missingOf();
  for (const one of document.querySelectorAll('[data-count]')) {
    const tag = one.dataset.count;
    if (!(tag in now)) continue;
    const missing = first[tag] - begun[tag] + now[tag];
    one.textContent = missing ? page.dataset.missing.replace('{count}', missing) : '✓';
    one.classList.toggle('gap', missing > 0);
  }
}

// --- the way from one to the next -----------------------------------------------------------------------------------

function go(back) {
  const missing = cells.filter(({ cell }) => cell.classList.contains('missing'));
  if (!missing.length) return;
  const here = cells.findIndex(({ field }) => field === document.activeElement);
  const found = back ? missing.findLast((one) => cells.indexOf(one) < here) ?? missing.at(-1) : missing.find((one) => cells.indexOf(one) > here) ?? missing[0];
  found.field.focus();
  found.field.scrollIntoView({ block: 'center' });
}

next.addEventListener('click', () => go(false));
addEventListener('keydown', (event) => {
  if (!event.altKey || !['ArrowDown', 'ArrowUp'].includes(event.key)) return;
  event.preventDefault();
  go(event.key === 'ArrowUp');
});

// --- saving ---------------------------------------------------------------------------------------------------------

document.addEventListener('draft-state', () => show(state.now));
document.addEventListener('draft-saved', ({ detail }) => {
  if (detail.whose === 'theirs') {
    if (!document.activeElement?.closest('.translations')) { location.reload(); return; }
    show('changed');
  } else show(state.now);
  for (const { cell, tag, text } of cells) {
    const path = [...text, tag].join('\n');
    const wrong = cell.classList.contains('missing') ? [] : detail.problems.filter((each) => each.path.join('\n') === path);
    cell.querySelector('.at-field').replaceChildren(...wrong.map(({ message, mend, severity }) => Object.assign(document.createElement('li'), { textContent: `${message} ${mend}`, className: severity === 'error' ? 'wrong' : 'advice' })));
  }
});
begin();
