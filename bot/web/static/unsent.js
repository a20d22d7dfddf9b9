// What was written or tapped and is not known to be stored yet: kept over reloads, sent in order, each with an id of
// its own, so that sending it twice says it once.

const LONGEST = 20_000; // ms between two tries

export class Unsent {
  constructor(chat, address, query, csrf, on) {
    Object.assign(this, { key: `unsent:${chat}`, address, query, csrf, on, tries: 0, timer: 0, busy: false });
    this.posts = this.recall();
    this.posts.forEach((post) => on.waiting(post, 'sending'));
    addEventListener('online', () => this.hurry());
    this.send();
  }

  add(kind, body) {
    const post = { kind, body: { ...body, id: newId() } };
    this.posts.push(post);
    this.keep();
    this.on.waiting(post, 'sending');
    this.send();
  }

  hurry() {
    clearTimeout(this.timer);
    this.tries = 0;
    this.send();
  }

  async send() {
    if (this.busy || !this.posts.length) return;
    this.busy = true;
    const wait = await this.attempt(this.posts[0]);
    this.busy = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Return the ms to wait before the next post.
  async attempt(post) {
    let answer;
    try {
      answer = await fetch(this.address + post.kind + this.query, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': this.csrf },
        body: JSON.stringify(post.body),
      });
    } catch {
      return this.later(post, 'unsent');
    }
    if (answer.ok) return this.settle(post, 'stored');
    const pause = 1000 * Number(answer.headers.get('Retry-After') ?? 0);
    if (answer.status === 429) return this.later(post, 'flood', pause);
    if (answer.status >= 500 || answer.status === 408) return this.later(post, 'unsent', pause);
    if (answer.status === 404) { this.on.gone(); return this.later(post, 'unsent', LONGEST); }
    if (answer.status === 403 && this.reload()) return LONGEST;
    return this.settle(post, 'refused');
  }

  later(post, why, pause = 0) {
    this.on.waiting(post, why);
    return Math.max(pause, Math.min(LONGEST, 800 * 2 ** this.tries++));
  }

  settle(post, how) {
    this.tries = 0;
    this.posts.shift();
    this.keep();
    this.on[how](post);
    return 0;
  }

  // The page is older than its session: load it again, once; what is unsent waits in the storage.
  reload() {
    try {
      if (Date.now() - Number(sessionStorage.getItem('reloaded')) < 60_000) return false;
      sessionStorage.setItem('reloaded', String(Date.now()));
    } catch { return false; }
    location.reload();
    return true;
  }

  keep() {
    try { sessionStorage.setItem(this.key, JSON.stringify(this.posts)); } catch { /* a browser that keeps nothing */ }
  }

  recall() {
    try { return JSON.parse(sessionStorage.getItem(this.key)) ?? []; } catch { return []; }
  }
}

// 96 random bits; crypto.randomUUID is only there over https.
function newId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
