// The draft of a survey in this page: what the server has, what was typed since and is not saved yet, and how both
// come together. Pages change it by `edit` (saved a moment later) or `save` (now) and listen on the document:
//
//   draft-saved      the server's newest, {detail: draft}: after a save of ours and when somebody else saved
//   draft-state      how saving stands: saved, waiting, saving, lost (no connection), out (signed out), refused
//   draft-torn       what others and we changed in one place, to be chosen from: `state.torn`
//   draft-told       something to be said to whoever edits, {detail: {what, ...places}}
//
// The page has <meta name="csrf"> and an element with data-draft, the draft's address. Nothing typed is lost: what is
// not saved yet waits in sessionStorage, over reloads and sign-ins, and is brought together with what others did.

import { applied, between, compressed, merged, same, settled } from './survey_table.js';

const PAUSE = 600; // ms after the last stroke of a key
const LONGEST = 20_000; // ms between two tries
const page = document.querySelector('[data-draft]');
const address = page.dataset.draft;
const KEPT = `survey-unsaved:${address}`;

export const draft = { revision: 0, table: null, source: '', problems: [], can_undo: false, can_redo: false, languages: [], expected_seconds: 0, by: '' };
export const state = { now: 'saved', torn: [] };

let saved = null; // the table as the server has it
let unsaved = []; // edits made since, oldest first
let what = ''; // of the last of them, for the steps of undo
let going = null;
let timer = 0;
let tries = 0;

const tell = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

function stands(now) {
  if (state.now !== now) { state.now = now; tell('draft-state', now); }
}

// --- changing -------------------------------------------------------------------------------------------------------

// Change the draft here at once, and on the server after a pause. `step` names the field: what is typed into it
// without a long pause is one step of undo; without it each save is a step.
export function edit(edits, step = '') {
  if (!saved || !edits.length) return;
  unsaved = compressed([...unsaved, ...edits]);
  what = step && (!what || what === step) ? step : 'edited';
  draft.table = applied(draft.table, edits);
  keep();
  stands(state.now === 'lost' ? 'lost' : 'waiting');
  later(PAUSE);
}

// Change the draft and save it now. Resolves to whether the server has it.
export async function save(edits = [], step = '') {
  edit(edits, step);
  return caughtUp();
}

// Resolves to whether the server has everything, once it has, or once it cannot be reached.
export async function caughtUp() {
  do await flush(); while (unsaved.length && !tries);
  return !unsaved.length;
}

// Save what is not saved yet; one request at a time, in order.
export function flush() {
  clearTimeout(timer);
  if (!going && unsaved.length) going = send().finally(() => { going = null; if (unsaved.length) later(tries ? pause() : 0); });
  return going ?? Promise.resolve();
}

function later(span) {
  clearTimeout(timer);
  timer = setTimeout(flush, span);
}

const pause = () => Math.min(LONGEST, 800 * 2 ** tries);

async function send() {
  const sent = unsaved;
  const step = what;
  if (state.now !== 'lost') stands('saving');
  unsaved = [];
  what = '';
  const answer = await post('', { base: draft.revision, what: step || 'edited', edits: sent });
  if (answer.ok) { take(await answer.json(), 'mine'); return; }
  unsaved = compressed([...sent, ...unsaved]);
  if (answer.status === 409) { meet((await answer.json()).behind); return; }
  await refused(answer);
}

async function post(to, body) {
  try {
    const text = JSON.stringify(body);
    const answer = await fetch(address + to, {
      method: 'POST', body: text, cache: 'no-store', keepalive: text.length < 20_000, // goes through also when the page is left
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': document.querySelector('meta[name=csrf]').content },
    });
    if (answer.status < 500 && ![401, 408, 429].includes(answer.status)) tries = 0;
    return answer;
  } catch { return { ok: false, status: 0 }; }
}

async function refused(answer) {
  const { status } = answer;
  if (status === 401) { tries += 1; stands('out'); return; }
  if (!status || status >= 500 || status === 408 || status === 429) { tries += 1; stands('lost'); return; }
  if (status === 403 && reloadOnce()) return;
  // What the server will never take must not stand in the way of what comes after it.
  const said = await answer.json().catch(() => ({}));
  unsaved = [];
  tell('draft-told', { what: 'not_taken', why: said.detail ?? '' });
  await look(true);
  stands('refused');
}

function reloadOnce() {
  try {
    if (Date.now() - Number(sessionStorage.getItem('survey-reloaded')) < 60_000) return false;
    sessionStorage.setItem('survey-reloaded', String(Date.now()));
  } catch { return false; }
  location.reload();
  return true;
}

// --- what the server says -------------------------------------------------------------------------------------------

function take(answer, whose) {
  Object.assign(draft, answer);
  saved = answer.table;
  draft.table = saved && unsaved.length ? applied(saved, unsaved) : saved;
  keep();
  stands(unsaved.length ? 'waiting' : 'saved');
  tell('draft-saved', { ...draft, whose });
}

// Somebody saved first. Both are kept where they are about different places; the rest is for the person to choose.
function meet(theirs, base = saved) {
  if (!theirs.table || !base) { unreadable(theirs); return; }
  const mine = applied(base, unsaved);
  const found = merged(base, mine, theirs.table);
  const known = state.torn.filter((one) => !found.torn.some((each) => same(each.path, one.path)));
  state.torn = [...known, ...found.torn.map((one) => ({ ...one, order: mine, by: theirs.by }))];
  unsaved = between(theirs.table, found.table);
  what = 'edited';
  take(theirs, 'theirs');
  tell('draft-torn');
  if (found.torn.length) tell('draft-told', { what: 'torn', by: theirs.by });
  else if (unsaved.length) tell('draft-told', { what: 'both_kept', by: theirs.by });
  later(0);
}

// Theirs is no TOML, so nothing can be brought together: what was typed here is shown, to be copied.
function unreadable(theirs) {
  tell('draft-told', { what: 'unreadable', by: theirs.by, typed: unsaved.map((one) => String(one.value ?? '')).filter(Boolean).join('\n') });
  unsaved = [];
  take(theirs, 'theirs');
}

// Let one torn place be as somebody chose to have it; undefined is nothing there.
export function choose(one, value) {
  const wanted = settled(draft.table, one.path, value, one.order ?? draft.table);
  state.torn = state.torn.filter((each) => each !== one);
  tell('draft-torn');
  edit(between(draft.table, wanted));
  keep();
  flush();
  tell('draft-saved', { ...draft, whose: 'chosen' });
}

// Look at what the server has now; `anew` also when nothing changed there.
export async function look(anew = false) {
  let answer;
  try {
    answer = await fetch(anew ? address : `${address}?seen=${draft.revision}`, { headers: { accept: 'application/json', 'x-refresh': '1' }, cache: 'no-store' });
  } catch { return; }
  if (!answer.ok || answer.status === 204) return;
  const newest = await answer.json();
  if (newest.revision === draft.revision && !anew) return;
  if (unsaved.length || going) { await flush(); return; } // a save that comes too late brings both together
  const by = saved && newest.revision !== draft.revision ? newest.by : '';
  take(newest, 'theirs');
  if (by) tell('draft-told', { what: 'changed_by', by });
}

// --- steps back, and the whole text ---------------------------------------------------------------------------------

export const undo = () => step('/undo');
export const redo = () => step('/redo');

async function step(to) {
  if (!await caughtUp()) return;
  const answer = await post(to, { base: draft.revision });
  if (answer.ok) take(await answer.json(), 'mine');
  else if (answer.status === 409) meet((await answer.json()).behind);
  else await refused(answer);
}

// Save the whole file as text. Resolves to null when it is saved, else to why not: {behind} or {status}.
export async function saveSource(source, base = draft.revision) {
  await caughtUp();
  const answer = await post('', { base, source });
  if (answer.ok) { take(await answer.json(), 'mine'); return null; }
  if (answer.status === 409) return { behind: (await answer.json()).behind };
  if (answer.status === 401) stands('out');
  return { status: answer.status, why: (await answer.json?.().catch(() => ({})))?.detail ?? '' };
}

// --- what is not saved yet, over reloads ----------------------------------------------------------------------------

function keep() {
  try {
    if (!unsaved.length && !state.torn.length) sessionStorage.removeItem(KEPT);
    else sessionStorage.setItem(KEPT, JSON.stringify({ base: draft.revision, was: saved, unsaved, torn: state.torn }));
  } catch { /* a browser that keeps nothing */ }
}

function recall() {
  try { return JSON.parse(sessionStorage.getItem(KEPT)); } catch { return null; }
}

// Take up the draft as the server has it, and what was typed before the page was loaded again.
export async function begin() {
  const kept = recall();
  const answer = await fetch(address, { headers: { accept: 'application/json' }, cache: 'no-store' }).catch(() => null);
  if (!answer?.ok) { stands('lost'); setTimeout(begin, pause()); tries += 1; return; }
  tries = 0;
  const first = await answer.json();
  state.torn = kept?.torn ?? [];
  if (state.torn.length) tell('draft-torn');
  unsaved = kept?.was ? kept.unsaved : [];
  if (unsaved.length && kept.base !== first.revision) meet(first, kept.was); else take(first, 'first');
  if (unsaved.length) later(0);
  follow();
}

addEventListener('online', () => { tries = 0; flush(); });
addEventListener('focus', () => { if (state.now === 'out') { tries = 0; flush(); } });
addEventListener('beforeunload', (event) => { if (unsaved.length || state.torn.length) event.preventDefault(); });
document.addEventListener('visibilitychange', () => { if (document.hidden) flush(); });

// --- what others do -------------------------------------------------------------------------------------------------

let source = null;
let again = 0;

function follow() {
  clearTimeout(again);
  source?.close();
  source = new EventSource('/console/events');
  source.addEventListener('begun', () => look());
  source.addEventListener('changed', (event) => { if (event.data.split(',').includes('surveys')) look(); });
  source.addEventListener('ended', () => { source.close(); stands('out'); });
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) again = setTimeout(follow, 5000 * (0.8 + Math.random() * 0.4)); };
}

addEventListener('pagehide', () => source?.close());
addEventListener('pageshow', (event) => { if (event.persisted) { follow(); look(); } });
