// The chat page: ties the log, the stream down and the posts up together. Text is only ever set as text.

import { Log } from './log.js';
import { Unsent } from './unsent.js';
import { follow } from './stream.js';
import { Uploads } from './uploads.js';

const page = document.body.dataset;
const words = JSON.parse(document.getElementById('words').textContent);
const at = `/chat/${page.chat}`;
const language = document.documentElement.lang;
const [text, composer, quote, toast, connection, latest, scroller] =
  ['text', 'composer', 'quote', 'toast', 'connection', 'latest', 'scroller'].map((id) => document.getElementById(id));
const csrf = document.querySelector('meta[name=csrf]').content;
const remembered = { draft: `draft:${page.chat}` };
let answering = null;
let toasting = 0;
let waiting = false;

const log = new Log(document.getElementById('log'), scroller, {
  words, language, at, zone: page.zone || undefined, staff: 'staff' in page, limit: page.limit,
  press: (ref, press) => unsent.add('press', { ref, press }),
  reply: (ref, label) => answer(ref, words.replying.replace('{label}', () => label)),
  away: (isAway) => { latest.hidden = !isAway; },
});

const unsent = new Unsent(page.chat, `${at}/`, `?lang=${language}`, csrf, {
  waiting: (post, why) => log.pending(post, why),
  stored: (post) => log.stored(post),
  refused: (post) => log.refused(post),
  gone: () => tell(words.ended),
});

follow(`${at}/stream`, Number(page.seen), language, {
  entry: (entry) => { log.show(entry); invite(entry); },
  caughtUp: () => { log.caughtUp(); unsent.hurry(); invite(log.last); },
  notice: ({ query, text: told }) => { log.noticed(query); if (told) passing(told); },
  state: (state) => tell(state === 'open' ? '' : words[state], state === 'connecting'),
  language: () => location.replace(at + kept()),
});

// What the page was asked to be (compact, embedded) it stays in another language.
function kept() {
  const asked = new URLSearchParams(location.search);
  asked.delete('lang');
  return asked.size ? `?${asked}` : '';
}

// --- Writing -------------------------------------------------------------------------------------------------------

composer.addEventListener('submit', (event) => {
  event.preventDefault();
  const written = text.value.trim();
  if (uploads?.busy) { waiting = true; return; } // it goes when the files are up
  if (uploads?.troubled || (!written && !uploads?.files.length)) return;
  const files = uploads?.take() ?? [];
  unsent.add('say', { text: written, ...(answering && { reply_to: answering }), ...(files.length && { files }) });
  text.value = '';
  answer(null);
  grow();
  text.focus();
});

text.addEventListener('keydown', (event) => {
  // While a Chinese word is being put together, Enter belongs to the input method.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  composer.requestSubmit();
});

text.addEventListener('input', grow);

const uploads = page.files && new Uploads(
  document.getElementById('files'), `${at}/files?lang=${language}`, csrf, words, Number(page.files),
  { told: passing, changed: () => { if (waiting && !uploads.busy) { waiting = false; composer.requestSubmit(); } } },
);
if (uploads) {
  const chosen = document.querySelector('#attach input');
  chosen.addEventListener('change', () => { uploads.add(chosen.files); chosen.value = ''; text.focus(); });
  text.addEventListener('paste', ({ clipboardData }) => { if (clipboardData.files.length) uploads.add(clipboardData.files); });
  scroller.addEventListener('dragover', (event) => event.preventDefault());
  scroller.addEventListener('drop', (event) => { event.preventDefault(); uploads.add(event.dataTransfer.files); });
}
quote.querySelector('button').addEventListener('click', () => { answer(null); text.focus(); });
latest.addEventListener('click', () => log.toEnd());
document.getElementById('language').addEventListener('click', () => unsent.add('say', { text: '/language', quiet: true }));

function grow() {
  text.style.height = 'auto';
  text.style.height = `${text.scrollHeight + 3}px`;
  try { sessionStorage.setItem(remembered.draft, text.value); } catch { /* a browser that keeps nothing */ }
}

function answer(ref, told = '') {
  answering = ref;
  quote.hidden = !ref;
  quote.querySelector('p').textContent = told;
  if (ref) text.focus();
}

function invite(entry) {
  if (entry?.body.is !== 'said' || !entry.body.message.invites_reply || !log.live) return;
  answer(entry.body.ref, log.label(entry.body.message)); // its first line says to whom
}

// --- What is told in passing ---------------------------------------------------------------------------------------

function passing(told) {
  clearTimeout(toasting);
  toast.textContent = told;
  toasting = setTimeout(() => { toast.textContent = ''; }, 6000);
}

function tell(state, quiet = false) {
  connection.textContent = state;
  connection.hidden = !state;
  connection.classList.toggle('quiet', quiet);
}

// --- The keyboard of a telephone covers the page; the page ends where the keyboard begins --------------------------

function fit() {
  document.body.style.setProperty('--height', `${Math.round(visualViewport.height)}px`);
  document.body.style.top = `${Math.round(visualViewport.offsetTop)}px`;
}
new ResizeObserver(() => log.settle()).observe(scroller);
window.visualViewport?.addEventListener('resize', fit);
window.visualViewport?.addEventListener('scroll', fit);

try { text.value = sessionStorage.getItem(remembered.draft) ?? ''; } catch { /* likewise */ }
if (text.value) grow();
