// The settings of a survey, saved field by field as soon as one is left: the server says which edits of the file a
// field means, and `survey_draft.js` saves them, also when the connection is lost for a while.

import { begin, draft, save, state } from './survey_draft.js';

const form = document.getElementById('settings');
const told = document.getElementById('saving');
const base = form.elements.base;

form.querySelector('.send').hidden = true;
told.hidden = false;
for (const button of form.querySelectorAll('[data-take]')) {
  button.hidden = false;
  button.addEventListener('click', () => {
    const field = document.getElementById(button.dataset.take);
    field.value = button.previousElementSibling.textContent;
    field.dispatchEvent(new Event('change', { bubbles: true }));
    field.focus();
  });
}

// Only as many comparisons stand there as are picked, and one more.
const picks = [...form.querySelectorAll('.picks > select')];
function spare() {
  const used = picks.findLastIndex((pick) => pick.value) + 1;
  picks.forEach((pick, n) => { pick.hidden = n > 0 && n > used; });
  const join = form.querySelector('.join');
  if (join) join.hidden = used < 2;
}
const how = (name) => { const radio = form.querySelector(`[name=unhappy_how][value=${name}]`); if (radio) radio.checked = true; };
picks.forEach((pick) => pick.addEventListener('change', () => { how('picked'); spare(); }));
form.elements.unhappy.addEventListener('input', () => how('typed'));
spare();

form.addEventListener('submit', (event) => event.preventDefault());
form.addEventListener('change', (event) => {
  const setting = event.target.closest('[data-setting]');
  if (setting) queue = queue.then(() => keep(setting)).catch(() => show('lost'));
});

let queue = Promise.resolve();

async function keep(setting) {
  const body = new URLSearchParams(new FormData(form));
  body.set('only', setting.dataset.setting);
  const answer = await fetch(form.action, { method: 'POST', body, headers: { Accept: 'application/json' }, cache: 'no-store' });
  if (answer.status === 401) { show('out'); return; }
  if (!answer.ok) { show('lost'); return; }
  const { edits, faults } = await answer.json();
  at(setting, Object.values(faults).map((said) => [said, true]));
  if (edits.length) await save(edits);
}

function at(setting, said) {
  setting.querySelector('.at-field').replaceChildren(...said.map(([text, wrong]) => Object.assign(document.createElement('li'), { textContent: text, className: wrong ? 'wrong' : 'advice' })));
}

function show(now) { told.textContent = told.dataset[now] ?? ''; told.dataset.now = now; }

document.addEventListener('draft-state', () => show(state.now));
document.addEventListener('draft-saved', ({ detail }) => {
  if (detail.whose === 'theirs' && document.activeElement?.closest('#settings') === null) { location.reload(); return; }
  if (detail.whose === 'theirs') show('changed'); else { base.value = draft.revision; show(state.now); }
  const typed = form.elements.unhappy;
  if (typed !== document.activeElement) typed.value = draft.table?.unhappy ?? '';
  for (const setting of form.querySelectorAll('[data-setting]')) {
    const name = setting.dataset.setting;
    const problems = detail.problems.filter(({ path }) => path.slice(0, name.includes('.') ? 2 : 1).join('.') === name);
    at(setting, problems.map(({ message, mend, severity }) => [`${message} ${mend}`, severity === 'error']));
  }
});
begin();
