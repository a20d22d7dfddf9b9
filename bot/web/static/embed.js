// Puts the chat on any page with one tag:
//   <script src="https://ask.example.com/embed.js" data-link="LINK" async></script>
// data-link      the last part of a place's or a customer's link
// data-language  en, zh-Hans or zh-Hant; else the page's own language
// data-label     what the button says; else a sentence of ours
// data-side      left or right (right when not said)
// Needs script-src and frame-src for our address in the page's Content-Security-Policy, nothing inline.

(() => {
  const tag = document.currentScript;
  const home = new URL(tag.src).origin;
  const { link, label, side } = tag.dataset;
  if (!link) {
    console.error('makegood: the script tag needs data-link, the last part of a link.');
    return;
  }
  const language = known(tag.dataset.language || document.documentElement.lang || navigator.language);
  const [ask, close, title] = {
    en: ['How was it?', 'Close the chat', 'Your feedback'],
    'zh-Hans': ['您觉得怎么样？', '关闭聊天', '您的反馈'],
    'zh-Hant': ['您覺得怎麼樣？', '關閉聊天', '您的意見回饋'],
  }[language];

  const style = `
    :host { all: initial; }
    .corner { position: fixed; z-index: 2147483000; inset-block-end: max(16px, env(safe-area-inset-bottom)); font: 600 16px/1.25 system-ui, sans-serif; }
    .corner.right { right: max(16px, env(safe-area-inset-right)); }
    .corner.left { left: max(16px, env(safe-area-inset-left)); }
    button { all: unset; box-sizing: border-box; display: block; min-height: 48px; max-width: min(320px, calc(100vw - 32px)); padding: 13px 20px;
      border-radius: 24px; background: #12705f; color: #fff; cursor: pointer; box-shadow: 0 4px 16px rgb(0 0 0 / .25); position: relative; }
    button:hover { background: #0c5547; }
    button:focus-visible { outline: 3px solid #ffbf47; outline-offset: 2px; }
    .news::after { content: ''; position: absolute; inset: -2px -2px auto auto; width: 14px; height: 14px; border-radius: 50%; background: #d4351c; border: 2px solid #fff; }
    .panel { position: fixed; z-index: 2147483001; width: 400px; height: min(640px, calc(100dvh - 96px)); inset-block-end: 80px; border-radius: 16px;
      overflow: hidden; background: Canvas; color-scheme: light dark; box-shadow: 0 8px 40px rgb(0 0 0 / .3); }
    .panel.right { right: 16px; }
    .panel.left { left: 16px; }
    .panel[hidden] { display: none; }
    iframe { border: 0; width: 100%; height: 100%; display: block; }
    .shut { position: absolute; display: none; inset: 6px 6px auto auto; min-height: 44px; width: 44px; padding: 0; text-align: center; line-height: 44px; border-radius: 22px; }
    @media (max-width: 480px) {
      .panel { inset: 0; width: auto; height: auto; border-radius: 0; padding-top: 56px; }
      .shut { display: block; }
    }
    @media print { .corner, .panel { display: none; } }`;

  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];

  const where = side === 'left' ? 'left' : 'right';
  const corner = make('div', { className: `corner ${where}` });
  const button = make('button', { type: 'button', textContent: label || ask });
  const panel = make('div', { className: `panel ${where}`, hidden: true, role: 'dialog', ariaLabel: title });
  const shut = make('button', { type: 'button', className: 'shut', textContent: '✕', ariaLabel: close });
  button.setAttribute('aria-expanded', 'false');
  host.lang = language;
  corner.append(button);
  panel.append(shut);
  root.append(corner, panel);
  let frame = null;

  button.addEventListener('click', () => show(panel.hidden));
  shut.addEventListener('click', () => show(false));
  root.addEventListener('keydown', (event) => { if (event.key === 'Escape') show(false); });
  addEventListener('message', (event) => {
    if (!frame || event.source !== frame.contentWindow || event.origin !== home) return;
    if (event.data?.makegood === 'close') show(false);
    if (event.data?.makegood === 'news' && panel.hidden) button.classList.add('news');
  });

  if (document.body) document.body.append(host);
  else addEventListener('DOMContentLoaded', () => document.body.append(host));

  function show(open) {
    if (open && !frame) {
      frame = make('iframe', { title, src: `${home}/c/${encodeURIComponent(link)}?embedded&lang=${language}` });
      panel.append(frame);
    }
    panel.hidden = !open;
    button.setAttribute('aria-expanded', String(open));
    button.classList.remove('news');
    (open ? frame : button).focus();
  }

  function make(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }

  function known(tag) {
    const lower = tag.toLowerCase();
    if (!lower.startsWith('zh')) return 'en';
    return /hant|tw|hk|mo/.test(lower) ? 'zh-Hant' : 'zh-Hans';
  }
})();
