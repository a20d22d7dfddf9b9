// Brings Today up to date every half minute, without a jump: only what changed is replaced, and whoever stands on a
// button stays on it. Without this script the page is as it was when it was loaded, and every button works.

const EVERY = 30_000;
const page = document.getElementById('now');
const lost = document.getElementById('lost');
const news = document.getElementById('news');

const told = () => document.getElementById('summary')?.textContent ?? '';

async function look() {
  const answer = await fetch(page.dataset.refresh, { headers: { accept: 'text/html' }, cache: 'no-store' });
  if (answer.status === 401) { location.reload(); return; }
  if (!answer.ok) throw new Error(answer.status);
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const before = told();
  if (!replaceChanged(fresh)) { location.reload(); return; }
  if (told() !== before) news.textContent = told();
}

// The same sections stand on the fresh page, unless the rights of whoever looks have changed.
function replaceChanged(fresh) {
  const sections = [...page.querySelectorAll('section[id]')];
  const made = [...fresh.querySelectorAll('section[id]')];
  if (sections.map((each) => each.id).join() !== made.map((each) => each.id).join()) return false;
  const focused = document.activeElement?.id;
  sections.forEach((section, number) => {
    if (section.isEqualNode(made[number]) || writing(section)) return;
    section.replaceWith(document.adoptNode(made[number]));
  });
  if (focused && document.activeElement?.id !== focused) document.getElementById(focused)?.focus({ preventScroll: true });
  return true;
}

// What somebody is typing into is left alone until they are done.
function writing(section) {
  return section.contains(document.activeElement) && document.activeElement.matches('input:not([type=hidden]), textarea, select');
}

async function watch() {
  if (!document.hidden) {
    try { await look(); lost.hidden = true; } catch { lost.hidden = false; }
  }
  setTimeout(watch, EVERY);
}

document.addEventListener('visibilitychange', () => { if (!document.hidden) look().catch(() => { lost.hidden = false; }); });
setTimeout(watch, EVERY);
