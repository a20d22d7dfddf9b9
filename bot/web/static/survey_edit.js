// The editor's page: tabs, keys, how saving stands, and what is drawn when.

import * as cards from './survey_cards.js';
import { begin, caughtUp, draft, flush, redo, state, undo } from './survey_draft.js';
import { say, toast } from './survey_fields.js';
import { atFields, goTo, summary } from './survey_problems.js';
import * as source from './survey_source.js';
import './survey_torn.js';

const by = (id) => document.getElementById(id);
const page = document.querySelector('[data-draft]');
const tabs = [...document.querySelectorAll('[role=tab]')];
const narrow = matchMedia('(max-width: 59.99rem)');

// --- tabs -----------------------------------------------------------------------------------------------------------

let shownTab = 'questions';

function showTab(name, focus = false) {
  if (name === 'phone' && !narrow.matches) name = 'questions';
  shownTab = name;
  for (const tab of tabs) {
    const on = tab.dataset.tab === name;
    tab.setAttribute('aria-selected', String(on));
    tab.tabIndex = on ? 0 : -1;
    if (on && focus) tab.focus();
    if (tab.dataset.tab !== 'phone') by(`${tab.dataset.tab}-pane`).hidden = !on;
  }
  by('phone-pane').hidden = narrow.matches && name !== 'phone';
  if (name === 'text') { flush().then(source.show); }
}

for (const tab of tabs) {
  tab.addEventListener('click', () => showTab(tab.dataset.tab));
  tab.addEventListener('keydown', (event) => {
    const shown = tabs.filter((each) => each.offsetParent);
    const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = to ? shown[(shown.indexOf(tab) + to + shown.length) % shown.length] : { Home: shown[0], End: shown.at(-1) }[event.key];
    if (next) { event.preventDefault(); showTab(next.dataset.tab, true); }
  });
}
narrow.addEventListener('change', () => showTab(shownTab));

// --- how saving stands ----------------------------------------------------------------------------------------------

function stands() {
  const box = by('state');
  const said = say(`state_${state.now === 'waiting' ? 'saving' : state.now}`);
  if (box.textContent !== said) box.textContent = said;
  box.className = ['lost', 'out', 'refused'].includes(state.now) ? 'state trouble' : 'state';
}

function steps() {
  by('undo').disabled = !draft.can_undo;
  by('redo').disabled = !draft.can_redo;
  const minutes = Math.max(1, Math.round(draft.expected_seconds / 60));
  by('takes').textContent = draft.expected_seconds ? say(minutes === 1 ? 'takes_minute' : 'takes', { minutes }) : '';
  by('no-toml').hidden = draft.table !== null;
  by('cards-part').hidden = draft.table === null;
}

document.addEventListener('draft-state', stands);
document.addEventListener('draft-saved', () => {
  stands();
  steps();
  summary();
  if (!draft.table || !cards.refresh()) atFields();
  if (shownTab === 'text') source.show();
});
document.addEventListener('cards-drawn', atFields);
document.addEventListener('input', (event) => { if (event.target.closest('#questions-pane')) cards.typedInto(); });
document.addEventListener('draft-told', ({ detail: { what, ...places } }) => {
  const more = what === 'torn' ? [say('compare'), () => { by('torn').scrollIntoView({ block: 'center' }); by('torn').focus({ preventScroll: true }); }] : [];
  toast(what === 'not_taken' ? `${say(what)} ${places.why}` : say(`told_${what}`, places), ...more);
});
document.addEventListener('lead-to-questions', () => showTab('questions'));
document.addEventListener('lead-to-line', ({ detail }) => { showTab('text'); source.show(); source.toLine(detail); });

// --- buttons and keys -----------------------------------------------------------------------------------------------

by('undo').addEventListener('click', undo);
by('redo').addEventListener('click', redo);
by('open-all').addEventListener('click', (event) => {
  const all = event.currentTarget.getAttribute('aria-pressed') !== 'true';
  event.currentTarget.setAttribute('aria-pressed', String(all));
  cards.openAll(all);
});
const menu = by('kinds');
by('kinds-list').replaceChildren(...cards.kindsMenu(() => { menu.open = false; }));
menu.addEventListener('keydown', (event) => { if (event.key === 'Escape') { menu.open = false; menu.querySelector('summary').focus(); } });
by('to-text').addEventListener('click', () => showTab('text', true));

addEventListener('keydown', (event) => {
  const key = event.key.toLowerCase();
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (key === 's') { event.preventDefault(); flush(); return; }
  if (event.target.closest('input:not([type=checkbox]), textarea, [contenteditable]')) return; // fields undo what was typed in them
  if (key === 'z') { event.preventDefault(); (event.shiftKey ? redo : undo)(); } else if (key === 'y') { event.preventDefault(); redo(); }
});

// Whoever leaves by a link leaves once everything is saved; without a connection the browser asks.
document.addEventListener('click', async (event) => {
  const link = event.target.closest?.('a[href^="/"]');
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented || state.now === 'saved') return;
  event.preventDefault();
  await caughtUp();
  location.assign(link.href);
});

// --- beginning ------------------------------------------------------------------------------------------------------

// A link from elsewhere leads to a field: #question-2-text-en.
function toHash() {
  const parts = decodeURIComponent(location.hash.slice(1));
  if (!parts || !draft.table) return;
  const problem = draft.problems.find((one) => one.path.join('-') === parts);
  const [first, n, ...more] = parts.split('-');
  const keyed = draft.table.question?.findIndex((one) => `question-${one.key}` === parts); // as the picture names one
  if (keyed >= 0) goTo(['question', keyed]);
  else goTo(problem?.path ?? (first === 'question' ? [first, Number(n), ...more] : parts.split('-')));
}

addEventListener('hashchange', toHash);
showTab('questions');
await begin();
toHash();
