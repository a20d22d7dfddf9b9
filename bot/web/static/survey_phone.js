// The telephone beside a survey: plays the draft as it is written, from its beginning each time. What it knows are the
// steps taken so far; what is seen after them the server says. Text is only ever set as text.

const MOST = 200; // steps; the server takes no more
const TYPED = 350; // ms after the last key before a fact that is typed is played
const MARKED = 2400; // ms for which a change is marked
const GAP = 60 * 60_000; // ms after which the hour is shown between two messages
const FIGURE = /^(\d{1,2})\s*(?:[⭐★]\uFE0F?)?$/u;

const phone = document.getElementById('telephone');
if (phone) begin();

function begin() {
  const words = JSON.parse(phone.querySelector('.tele-words').textContent);
  const $ = (name) => document.getElementById(`tele-${name}`);
  const [log, scroller, composer, text, language, clock, lost, trouble, facts] =
    ['log', 'scroller', 'composer', 'text', 'language', 'clock', 'lost', 'trouble', 'facts'].map($);
  const state = { steps: [], language: '', sample: 'usual', facts: {}, begins_at: 0, variant: '' };
  if (phone.dataset.version) state.version = Number(phone.dataset.version);
  let rows = []; // what is shown, as the server told it, each with its item in the log
  let asking = null;
  let typing = 0;
  phone.querySelector('.tele-body').hidden = false;

  // --- Asking the server ---------------------------------------------------------------------------------------------

  async function play({ edited = false } = {}) {
    asking?.abort();
    const mine = asking = new AbortController();
    try {
      const answer = await fetch(phone.dataset.to, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': phone.dataset.csrf },
        body: JSON.stringify(state),
        signal: mine.signal,
      });
      if (mine !== asking) return;
      if (!answer.ok) { tell([401, 403, 404].includes(answer.status) ? words.gone : words.lost); return; }
      show(await answer.json(), edited);
      tell('');
    } catch (error) {
      if (error.name !== 'AbortError') tell(words.lost);
    }
  }

  function tell(what) {
    lost.textContent = what;
    lost.hidden = !what;
  }

  function step(one) {
    if (state.steps.length >= MOST) { tell(words.most); return; }
    state.steps.push(one);
    play();
  }

  // --- What is seen --------------------------------------------------------------------------------------------------

  function show(told, edited) {
    state.begins_at = told.begins_at;
    state.language = told.language;
    draw(told.shown, edited);
    clock.textContent = [words.clock.replace('{when}', () => told.now), told.over ? words.over : ''].join(' ').trim();
    trouble.replaceChildren(...told.trouble.map((each) => element('li', { textContent: each })));
    trouble.hidden = !told.trouble.length;
    choices(told.languages, told.language);
    sides(told.variants);
    fields(told.variables);
    $('back').disabled = $('again').disabled = !state.steps.length;
  }

  // Only what is new or changed is drawn, so that a reader hears just that, and whoever stands on a button stays there.
  function draw(shown, edited) {
    const keys = shown.map((each) => JSON.stringify(each));
    const same = keys.findIndex((key, place) => rows[place]?.key !== key);
    const from = same < 0 ? keys.length : same;
    const longer = keys.length > rows.length;
    const marking = edited && rows.length > 0; // what is there when the page opens was changed by nobody
    const focused = log.contains(document.activeElement);
    shown.forEach((each, place) => {
      if (place < from || rows[place]?.key === keys[place]) return;
      const item = row(each, shown[place - 1]);
      if (marking) mark(item);
      if (rows[place]) rows[place].item.replaceWith(item); else log.append(item);
      rows[place] = { key: keys[place], item };
    });
    rows.splice(keys.length).forEach(({ item }) => item.remove());
    if (focused && !log.contains(document.activeElement)) scroller.focus({ preventScroll: true });
    const marked = marking && log.querySelector('.changed'); // only the telephone's own pane moves, not the page around it
    if (marked) scroller.scrollTop = marked.offsetTop - scroller.clientHeight / 3;
    if (!edited && (longer || from < keys.length)) scroller.scrollTop = scroller.scrollHeight;
  }

  function mark(item) {
    item.classList.add('changed');
    item.title = words.changed;
    setTimeout(() => { item.classList.remove('changed'); item.removeAttribute('title'); }, MARKED);
  }

  function row(each, before) {
    const side = { reply: 'mine', aside: 'aside', passing: 'passing' }[each.kind] ?? 'theirs';
    const item = element('li', { className: `${side}${each.about ? ` about-${each.about}` : ''}` });
    if (!before || new Date(each.at) - new Date(before.at) >= GAP) {
      item.append(element('time', { textContent: each.time, dateTime: each.at }));
    }
    const who = { mine: words.you, aside: words.aside }[side] ?? words.us;
    item.append(element('span', { className: 'unseen', textContent: `${who} ` }));
    item.append(element('div', { className: side === 'aside' || side === 'passing' ? 'tele-said' : 'bubble', textContent: each.text, dir: 'auto' }));
    if (each.rows.length) item.append(buttons(each));
    return item;
  }

  function buttons({ rows: lines, question }) {
    const figures = lines.flat().map(({ label }) => FIGURE.exec(label)).filter(Boolean).map((found) => Number(found[1]));
    const max = figures.length > 2 ? Math.max(...figures) : null;
    const block = element('div', { className: 'rows' });
    block.setAttribute('role', 'group');
    for (const line of lines) {
      const drawn = element('div', { className: line.every(({ label }) => FIGURE.test(label)) ? 'figures' : '' });
      drawn.append(...line.map(({ label, press }) => button(label, press, question, max)));
      block.append(drawn);
    }
    return block;
  }

  function button(label, press, question, max) {
    const made = element('button', { type: 'button', textContent: label, dir: 'auto' });
    const figure = FIGURE.exec(label);
    if (max && figure) made.setAttribute('aria-label', words.of.replace('{n}', Number(figure[1])).replace('{max}', max));
    made.addEventListener('click', () => step({ tap: press, label: label.slice(0, 200), question }));
    return made;
  }

  function choices(languages, chosen) {
    offer(language, languages.map(({ tag, name }) => ({ value: tag, textContent: name, lang: tag })), chosen);
    log.lang = chosen;
    language.closest('label').hidden = languages.length < 2;
  }

  function offer(select, options, chosen) {
    const wanted = options.map(({ value }) => value).join();
    if (select.dataset.has !== wanted) {
      select.replaceChildren(...options.map((each) => element('option', each)));
      select.dataset.has = wanted;
    }
    select.value = chosen;
  }

  // The sides of an experiment, where the survey has one.
  function sides(variants) {
    if (!variants.includes(state.variant)) state.variant = variants[0] ?? '';
    offer($('variant'), variants.map((key) => ({ value: key, textContent: key })), state.variant);
    $('variants').hidden = !variants.length;
  }

  // --- The sample customer -------------------------------------------------------------------------------------------

  function fields(variables) {
    const wanted = variables.map(({ name }) => name).join();
    if (facts.dataset.has !== wanted) {
      facts.replaceChildren(...variables.map(({ name }) => field(name)));
      facts.dataset.has = wanted;
    }
    for (const { name, value } of variables) {
      const input = facts.querySelector(`[name="${name}"]`);
      if (input !== document.activeElement) input.value = value;
    }
  }

  function field(name) {
    const label = element('label', { textContent: words[name.replace('.', '_')] ?? name });
    const input = element('input', { type: 'text', name, maxLength: 1000, dir: 'auto' });
    input.addEventListener('input', () => {
      state.facts[name] = input.value;
      clearTimeout(typing);
      typing = setTimeout(() => play({ edited: true }), TYPED);
    });
    label.append(input);
    return label;
  }

  for (const sample of phone.querySelectorAll('[data-sample]')) {
    sample.addEventListener('click', () => {
      state.sample = sample.dataset.sample;
      state.facts = {};
      for (const each of phone.querySelectorAll('[data-sample]')) each.setAttribute('aria-pressed', String(each === sample));
      play({ edited: true });
    });
  }

  // --- What is done --------------------------------------------------------------------------------------------------

  composer.addEventListener('submit', (event) => {
    event.preventDefault();
    const written = text.value.trim();
    if (!written) return;
    text.value = '';
    step({ say: written });
  });
  $('photo').addEventListener('click', () => { step({ photo: text.value.trim() }); text.value = ''; });
  $('hour').addEventListener('click', () => step({ wait: 1 }));
  $('day').addEventListener('click', () => step({ wait: 24 }));
  $('back').addEventListener('click', () => { state.steps.pop(); play(); });
  $('again').addEventListener('click', () => { state.steps = []; state.begins_at = 0; play(); });
  $('variant').addEventListener('change', () => { state.variant = $('variant').value; play({ edited: true }); });
  language.addEventListener('change', () => { state.language = language.value; play({ edited: true }); });

  document.addEventListener('draft-saved', ({ detail }) => {
    if (detail?.revision !== undefined) state.revision = detail.revision;
    play({ edited: true });
  });

  play();
}

function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
