// Brings a page of the console up to date as soon as something on it changed, without a jump: only what changed is
// replaced, and whoever stands on a button or writes stays there. A stream says what kinds of things changed; without
// one the page asks every half minute. Without this script it is as it was when it was loaded, and every button works.

const SLOW = 60_000; // ages and times left grow older also where nothing happens
const ALONE = 30_000; // without a stream
const HIDDEN = 10_000; // a page that nobody looks at lets go of its stream
const page = document.getElementById('now');
const lost = document.getElementById('lost');
const news = document.getElementById('news');
const kinds = (page?.dataset.live ?? '').split(' ');

const told = () => document.getElementById('summary')?.textContent ?? '';
let source = null;
let tries = 0;
let again = 0;
let looking = null;
let once_more = false;

async function look() {
  const answer = await fetch(page.dataset.refresh, { headers: { accept: 'text/html', 'x-refresh': '1' }, cache: 'no-store' });
  if (answer.status === 401) { location.reload(); return; }
  if (!answer.ok) throw new Error(answer.status);
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const before = told();
  if (!replaceChanged(fresh.getElementById('now') ?? fresh)) { location.reload(); return; }
  if (news && told() !== before) news.textContent = told();
}

// One look at a time; what changes while we look is looked at once more.
function refresh() {
  if (looking) { once_more = true; return; }
  looking = look().then(() => { lost.hidden = true; }, () => { lost.hidden = false; }).finally(() => {
    looking = null;
    if (once_more) { once_more = false; refresh(); }
  });
}

// The same sections stand on the fresh page, unless the rights of whoever looks have changed.
function replaceChanged(fresh) {
  const sections = [...page.querySelectorAll('section[id]')];
  const made = [...fresh.querySelectorAll('section[id]')];
  if (sections.map((each) => each.id).join() !== made.map((each) => each.id).join()) return sections.some(writing);
  const focused = document.activeElement?.id;
  sections.forEach((section, number) => {
    if (section.isEqualNode(made[number]) || writing(section)) return;
    section.replaceWith(document.adoptNode(made[number]));
  });
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return true;
}

// What somebody is typing into, or has written into or opened and not sent, is left alone until they are done.
function writing(section) {
  const fields = [...section.querySelectorAll('input:not([type=hidden]), textarea, select')];
  return fields.some((field) => field === document.activeElement || changed(field)) || section.querySelector('details[open] form');
}
function changed(field) {
  if (field.matches('select')) return [...field.options].some((each) => each.selected !== each.defaultSelected && each.defaultSelected);
  if (field.matches('[type=checkbox], [type=radio]')) return field.checked !== field.defaultChecked;
  return field.matches('[type=file]') ? field.files.length > 0 : field.value !== field.defaultValue;
}

function listen() {
  clearTimeout(again);
  source?.close();
  source = new EventSource('/console/events');
  source.addEventListener('begun', () => { if (tries) refresh(); tries = 0; });
  source.addEventListener('changed', (event) => { if (event.data.split(',').some((kind) => kinds.includes(kind))) refresh(); });
  source.addEventListener('ended', () => { leave(); location.reload(); });
  source.onerror = () => {
    tries += 1;
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    refresh();
    again = setTimeout(listen, Math.min(60_000, 1000 * 2 ** tries) * (0.8 + Math.random() * 0.4));
  };
}

function leave() {
  clearTimeout(again);
  source?.close();
  source = null;
}

function watch() {
  if (!document.hidden) refresh();
  setTimeout(watch, source?.readyState === EventSource.OPEN ? SLOW : ALONE);
}

let leaving = 0;
if (page) {
  document.addEventListener('visibilitychange', () => {
    clearTimeout(leaving);
    if (document.hidden) { leaving = setTimeout(leave, HIDDEN); return; }
    if (!source) listen();
    refresh();
  });
  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => { if (event.persisted) { listen(); refresh(); } });
  listen();
  setTimeout(watch, ALONE);
}
