// The survey as text: the file itself, with its lines numbered and those marked where something is wrong. Saving it is
// one edit. What is no survey file is kept all the same, and said by line; what is not saved stays over a reload.

import { draft, look, saveSource } from './survey_draft.js';
import { button, h, say, toast } from './survey_fields.js';
import { saidOf } from './survey_problems.js';

const area = document.getElementById('source');
const gutter = document.getElementById('source-lines');
const wrong = document.getElementById('source-problems');
const both = document.getElementById('source-both');
const save = document.getElementById('source-save');
const again = document.getElementById('source-again');
const KEPT = `survey-source:${document.querySelector('[data-draft]').dataset.draft}`;

let base = 0; // the revision that the text was made from
let dirty = false;

function recall() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; }
}

function keep() {
  try {
    if (dirty) sessionStorage.setItem(KEPT, JSON.stringify({ base, text: area.value })); else sessionStorage.removeItem(KEPT);
  } catch { /* a browser that keeps nothing */ }
}

// Show the newest text, unless somebody is writing.
export function show() {
  const kept = recall();
  if (!dirty && kept && kept.text !== draft.source) { dirty = true; base = kept.base; area.value = kept.text; }
  if (!dirty && area.value !== draft.source) area.value = draft.source;
  if (!dirty) base = draft.revision;
  stands();
}

function stands() {
  save.disabled = !dirty;
  again.hidden = !dirty;
  lines();
  wrong.replaceChildren(...(dirty ? [] : draft.problems).map((one) => h('li', { className: one.severity },
    h('button', { type: 'button', on: { click: () => toLine(one.line) } }, h('strong', {}, `${say('line', { number: one.line })} `), saidOf(one)))));
}

function lines() {
  const count = area.value.split('\n').length;
  const marked = new Map((dirty ? [] : draft.problems).map((one) => [one.line, one.severity]));
  gutter.replaceChildren(...Array.from({ length: count }, (_, n) => h('span', { className: marked.get(n + 1) ?? '' }, String(n + 1))));
  gutter.scrollTop = area.scrollTop;
}

export function toLine(number) {
  const before = area.value.split('\n').slice(0, number - 1).join('\n').length + (number > 1 ? 1 : 0);
  const end = area.value.indexOf('\n', before);
  area.focus();
  area.setSelectionRange(before, end < 0 ? area.value.length : end);
  area.scrollTop = Math.max(0, (number - 4) * (area.scrollHeight / Math.max(1, area.value.split('\n').length)));
}

async function send(over = base) {
  save.disabled = true;
  const refused = await saveSource(area.value, over);
  if (!refused) { settle(); toast(draft.table ? say('source_saved') : say('source_no_toml')); return; }
  save.disabled = false;
  if (refused.behind) compare(refused.behind);
  else toast(refused.status === 401 ? say('state_out') : `${say('not_taken')} ${refused.why ?? ''}`);
}

// The text stands on the server as it stands here, or was given up.
function settle() {
  dirty = false;
  both.hidden = true;
  keep();
  show();
}

// Somebody else saved meanwhile: both texts, side by side, to be chosen from.
function compare(theirs) {
  both.hidden = false;
  both.replaceChildren(h('h3', {}, say('source_behind', { by: theirs.by })),
    h('label', {}, say('theirs', { by: theirs.by }), h('textarea', { readOnly: true, rows: 12, value: theirs.source, spellcheck: 'false' })),
    h('div', { className: 'acts start' }, button(say('keep_mine'), () => send(theirs.revision), { id: 'source-mine' }),
      button(say('keep_theirs'), async () => { settle(); await look(); show(); }, { id: 'source-theirs' })));
  both.scrollIntoView({ block: 'nearest' });
}

area.addEventListener('input', () => { dirty = area.value !== draft.source; keep(); stands(); });
area.addEventListener('scroll', () => { gutter.scrollTop = area.scrollTop; });
save.addEventListener('click', () => send());
again.addEventListener('click', settle);
area.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') { event.preventDefault(); if (dirty) send(); }
});
addEventListener('beforeunload', (event) => { if (dirty) event.preventDefault(); });
