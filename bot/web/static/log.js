// The log on the page: what was said and heard, in order, with buttons, quotes and the hours between.

import { held } from './held.js';

const GAP = 60 * 60_000; // ms of silence after which the hour is shown
const PATIENCE = 12_000; // ms after which a tap that changed nothing may be made again
const FIGURE = /^(\d{1,2})\s*(?:[⭐★]\uFE0F?)?$/u;
const ADDRESS = /(https?:\/\/[\w.:[\]-]*[\w\]](?:[/?#][\w.~:/?#[\]@!$&'()*+,;=%-]*[\w/#=&%~-])?)/;
const SAFE = /^(https?|mailto|tel):/i;

export class Log {
  constructor(list, scroller, { words, language, at, zone, staff, limit, press, reply, away }) {
    Object.assign(this, { list, scroller, words, at, staff, limit, press, reply, away });
    this.day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone });
    this.hour = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: zone });
    this.said = new Map(); // ref -> { item, message, waiting }
    this.heard = new Map(); // the page's id -> item
    this.waits = new Map(); // the page's id -> why it is not taken in yet
    this.taps = new Map(); // the page's id -> ref
    this.live = false;
    this.last = null;
    this.lastAt = 0;
    this.atEnd = true;
    let top = 0;
    scroller.addEventListener('scroll', () => {
      const near = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
      this.atEnd = near || (this.atEnd && scroller.scrollTop >= top); // only the reader goes up; the page may shrink
      top = scroller.scrollTop;
      if (this.atEnd) this.away(false);
    }, { passive: true });
  }

  show(entry) {
    const { body } = entry;
    if (body.is !== 'chosen' && !body.quiet) this.last = entry;
    if (body.is === 'said') this.showSaid(body, entry.at, entry.id);
    if (body.is === 'edited') this.showEdited(body);
    if (body.is === 'heard' && !body.quiet) this.showHeard(body, entry.at, entry.id);
    if (body.is === 'chosen') this.choose(body);
    this.settle();
  }

  caughtUp() {
    if (this.live) return;
    this.live = true;
    this.list.append(...this.list.querySelectorAll('[data-waits]'));
    this.list.setAttribute('aria-live', 'polite');
    this.toEnd();
  }

  // --- By us -----------------------------------------------------------------------------------------------------

  showSaid({ ref, message }, at, entry) {
    if (this.said.has(ref)) return;
    const item = this.append('theirs', at);
    const files = this.held(entry, message.attachments); // they stay when the words below them change
    this.said.set(ref, { item, message, files, waiting: 0 });
    this.fill(ref);
    if (!this.atEnd) this.away(true);
  }

  showEdited({ ref, message }) {
    const known = this.said.get(ref);
    if (!known) return; // it was said before what this page shows
    clearTimeout(known.waiting);
    known.message = message;
    if (message.gone) known.files = null; // taken back, with all that came with it
    const focused = known.item.contains(document.activeElement);
    this.fill(ref);
    if (!focused) return;
    known.item.tabIndex = -1; // the tapped button is gone: the next Tab goes on from here
    known.item.focus({ preventScroll: true });
  }

  fill(ref) {
    const { item, message, files } = this.said.get(ref);
    const words = bubble();
    const parts = [hidden(this.words.us), ...(files ? [files] : []), ...(message.text ? [words] : [])];
    if (message.replies_to && this.said.has(message.replies_to)) words.append(this.quoted(message.replies_to));
    words.append(...linked(message.text, message.links ?? []));
    if (message.rows?.length) parts.push(this.rows(ref, message.rows));
    if (this.staff) parts.push(this.replyFoot(ref));
    item.replaceChildren(...parts);
  }

  rows(ref, rows) {
    const figures = rows.flat().map(([label]) => FIGURE.exec(label)).filter(Boolean).map((found) => Number(found[1]));
    const max = figures.length > 2 ? Math.max(...figures) : null;
    const block = element('div', { className: 'rows' });
    block.setAttribute('role', 'group');
    for (const row of rows) {
      const line = element('div', { className: row.every(([label]) => FIGURE.test(label)) ? 'figures' : '' });
      line.append(...row.map(([label, press]) => this.button(ref, label, press, max)));
      block.append(line);
    }
    return block;
  }

  button(ref, label, press, max) {
    const button = element('button', { type: 'button', textContent: label, dir: 'auto' });
    button.dataset.press = press;
    const figure = FIGURE.exec(label);
    if (max && figure) button.setAttribute('aria-label', put(this.words.of, { n: Number(figure[1]), max }));
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') === 'true') return;
      this.mark(ref, press);
      this.press(ref, press);
    });
    return button;
  }

  replyFoot(ref) {
    const foot = element('div', { className: 'foot' });
    const button = element('button', { type: 'button', textContent: this.words.reply });
    button.setAttribute('aria-label', `${this.words.reply}: ${this.label(this.said.get(ref).message)}`);
    button.addEventListener('click', () => this.reply(ref, this.label(this.said.get(ref).message)));
    foot.append(button);
    return foot;
  }

  quoted(ref) {
    return element('blockquote', { dir: 'auto', textContent: this.label(this.said.get(ref).message) });
  }

  // Pictures come late and push the end away; who was there stays there.
  held(entry, attachments) {
    const block = held(entry, attachments, this.at, this.words);
    block?.addEventListener('load', () => this.settle(), true);
    return block;
  }

  label(message) {
    const [file] = message.attachments ?? [];
    const line = message.text.split('\n').find((each) => each.trim()) ?? file?.alt ?? file?.name ?? '';
    return line.length > 120 ? `${line.slice(0, 118)} …` : line;
  }

  // --- Taps ------------------------------------------------------------------------------------------------------

  choose({ ident, ref, press }) {
    this.taps.set(ident, ref);
    this.mark(ref, press);
  }

  // The choice shows at once; the server's edit is the truth. Without one the buttons come back.
  mark(ref, press, patience = PATIENCE) {
    const known = this.said.get(ref);
    if (!known) return;
    for (const button of known.item.querySelectorAll('.rows button')) {
      button.setAttribute('aria-disabled', 'true');
      if (press !== null) button.setAttribute('aria-pressed', String(button.dataset.press === press));
    }
    clearTimeout(known.waiting);
    known.waiting = setTimeout(() => this.unmark(ref), patience);
  }

  unmark(ref) {
    for (const button of this.said.get(ref).item.querySelectorAll('.rows button')) {
      button.removeAttribute('aria-disabled');
      button.removeAttribute('aria-pressed');
    }
  }

  noticed(query) {
    const ref = this.taps.get(query);
    if (ref && this.said.get(ref)?.item.querySelector('[aria-disabled]')) this.mark(ref, null, 2500);
  }

  // --- By the person ---------------------------------------------------------------------------------------------

  showHeard({ ident, text, reply_to: ref, shortened, attachments }, at, entry) {
    const waiting = this.heard.get(ident);
    if (waiting) this.separate(at);
    const item = waiting ?? this.append('mine', at);
    this.heard.set(ident, item);
    this.list.append(item); // one that was waiting takes the place that the log gives it
    delete item.dataset.waits;
    this.fillHeard(item, text, ref, this.held(entry, attachments));
    if (this.waits.has(ident)) this.foot(item, this.words[this.waits.get(ident)], 'trouble'); // shown, but not taken in
    if (shortened) this.foot(item, put(this.words.shortened, { max: this.limit }), 'trouble kept');
    this.atEnd = true;
  }

  pending({ kind, body }, why) {
    if (kind === 'press') {
      this.taps.set(body.id, body.ref);
      this.mark(body.ref, body.press);
      return;
    }
    if (body.quiet) return;
    const item = this.heard.get(body.id) ?? this.written(body);
    if (why === 'sending') {
      setTimeout(() => item.dataset.waits && !this.waits.has(body.id) && this.foot(item, this.words.sending), 700);
      return;
    }
    this.waits.set(body.id, why);
    this.foot(item, this.words[why], 'trouble');
  }

  // A text on its way; the log gives it its place when it is stored.
  written({ id, text, files, reply_to: ref }) {
    const item = this.append('mine', 0);
    item.dataset.waits = 'yes';
    this.heard.set(id, item);
    this.fillHeard(item, text || (files ? '📎' : ''), ref);
    this.toEnd();
    return item;
  }

  stored({ kind, body }) {
    this.waits.delete(body.id);
    const item = this.heard.get(body.id);
    if (kind === 'press' || !item) return;
    delete item.dataset.waits;
    item.querySelector('.foot:not(.kept)')?.remove();
  }

  refused({ kind, body }) {
    this.waits.delete(body.id);
    if (kind === 'press' && this.said.has(body.ref)) this.unmark(body.ref);
    const item = this.heard.get(body.id);
    if (item) { delete item.dataset.waits; this.foot(item, this.words.refused, 'trouble'); }
  }

  fillHeard(item, text, ref, files = null) {
    const box = bubble();
    if (ref && this.said.has(ref)) box.append(this.quoted(ref));
    box.append(text);
    item.replaceChildren(hidden(this.words.you), ...(files ? [files] : []), ...(text || !files ? [box] : []));
  }

  foot(item, told, manner = '') {
    const foot = item.querySelector('.foot') ?? item.appendChild(element('div'));
    foot.className = `foot ${manner}`;
    foot.textContent = told;
  }

  // --- The list --------------------------------------------------------------------------------------------------

  append(side, at) {
    if (at) this.separate(at);
    const item = element('li', { className: `${side}${this.live ? ' fresh' : ''}` });
    const before = this.list.lastElementChild;
    if (!before?.classList.contains(side)) item.classList.add('turn');
    this.list.append(item);
    return item;
  }

  separate(at) {
    const newDay = this.day.format(at) !== (this.lastAt && this.day.format(this.lastAt));
    if (newDay || at - this.lastAt > GAP) {
      const when = newDay ? `${this.day.format(at)} · ${this.hour.format(at)}` : this.hour.format(at);
      const item = element('li', { className: 'day' });
      item.append(element('time', { textContent: when, dateTime: new Date(at).toISOString() }));
      this.list.append(item);
    }
    this.lastAt = at;
  }

  settle() {
    if (this.atEnd) this.toEnd();
  }

  toEnd() {
    this.atEnd = true;
    this.away(false);
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}

function bubble() {
  return element('div', { className: 'bubble', dir: 'auto' });
}

function hidden(who) {
  return element('span', { className: 'unseen', textContent: `${who}: ` });
}

function put(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

// Offsets count UTF-16 units, as strings here do. A link that leads to anything but a page, mail or call is text.
function linked(text, links) {
  const parts = [];
  let done = 0;
  for (const [offset, length, url] of [...links].sort((one, other) => one[0] - other[0])) {
    if (offset < done || !SAFE.test(url)) continue;
    parts.push(...addresses(text.slice(done, offset)), anchor(url, text.slice(offset, offset + length)));
    done = offset + length;
  }
  return [...parts, ...addresses(text.slice(done))];
}

// Addresses in a text lead there, as they do in every other chat; what ends the sentence is none of them.
function addresses(text) {
  return text.split(ADDRESS).map((part, number) => (number % 2 ? anchor(part, part) : part));
}

function anchor(url, label) {
  return element('a', { href: url, textContent: label, target: '_blank', rel: 'noopener noreferrer' });
}
