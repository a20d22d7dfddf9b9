// The stream down: entries once and in order, whatever happens to the connection.

const SILENCE = 40_000; // ms without a sign of life after which the connection is taken for dead
const HIDDEN = 60_000; // ms after which a page that nobody looks at lets go of its connection

export function follow(address, seen, language, on) {
  let source = null;
  let again = 0;
  let tries = 0;
  let quiet = 0;
  let doubt = 0;

  function open() {
    close();
    source = new EventSource(`${address}?after=${seen}&lang=${language}`);
    source.onopen = () => { tries = 0; alive(); };
    source.onerror = lost;
    source.addEventListener('beat', alive);
    source.addEventListener('entry', (event) => {
      alive();
      const entry = JSON.parse(event.data);
      if (entry.id <= seen) return;
      seen = entry.id;
      on.entry(entry);
    });
    source.addEventListener('caught-up', () => { alive(); on.caughtUp(); });
    source.addEventListener('notice', (event) => { alive(); on.notice(JSON.parse(event.data)); });
    source.addEventListener('language', () => { close(); on.language(); });
    source.addEventListener('ended', () => { close(); on.state('ended'); });
    listen();
  }

  function close() {
    clearTimeout(again);
    clearTimeout(quiet);
    source?.close();
    source = null;
  }

  function alive() {
    clearTimeout(doubt);
    doubt = 0;
    on.state('open');
    listen();
  }

  function listen() {
    clearTimeout(quiet);
    quiet = setTimeout(() => { lost(); open(); }, SILENCE);
  }

  function lost() {
    doubt ||= setTimeout(() => on.state('lost'), 1500); // a short stumble is not worth a word
    if (source?.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
    clearTimeout(again);
    again = setTimeout(look, Math.min(30_000, 1000 * 2 ** tries++) * (0.8 + Math.random() * 0.4));
  }

  async function look() {
    try {
      const answer = await fetch(location.href, { method: 'GET', cache: 'no-store' });
      if (answer.status === 404) { close(); clearTimeout(doubt); on.state('ended'); return; }
    } catch { /* no connection yet */ }
    open();
  }

  let leaving = 0;
  document.addEventListener('visibilitychange', () => {
    clearTimeout(leaving);
    if (document.hidden) leaving = setTimeout(close, HIDDEN);
    else if (!source) open();
  });
  addEventListener('online', open);
  addEventListener('pageshow', (event) => { if (event.persisted) open(); });
  on.state('connecting');
  open();
}
