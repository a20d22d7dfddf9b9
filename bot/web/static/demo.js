// The demo's levers: each is one POST, and the telephones are the real web chat in two frames.

const words = JSON.parse(document.getElementById('words').textContent);
const language = document.documentElement.lang;
const hint = document.getElementById('hint');
const levers = { deliver: document.getElementById('deliver'), day: document.getElementById('day') };
let story = '';
let shown = '';

async function post(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ story, ...body }),
  });
  if (answer.status === 404 && path !== '/demo/story') { location.reload(); }
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

// A personal link is opened by its button, a POST; here the page presses it, so that the chats are there at once.
function open(frame, address) {
  const form = document.createElement('form');
  form.method = 'post';
  form.action = address;
  form.target = frame;
  document.body.append(form);
  form.submit();
  form.remove();
}

async function begin() {
  const cast = await post('/demo/story', { language });
  story = cast.story;
  document.getElementById('story').value = story;
  open('customer', cast.customer);
  open('staff', cast.staff);
  await look();
}

async function pull(lever, path, body = {}) {
  lever.disabled = true;
  try {
    await post(path, body);
    await look();
  } catch { hint.textContent = words.lost; }
  lever.disabled = false;
}

function next(steps) {
  if (steps.rated && !steps.case) return 'case';
  return Object.keys(steps).find((step) => !steps[step]) ?? 'done';
}

async function look() {
  const { now, steps } = await post('/demo/standing', {});
  document.getElementById('now').textContent = now;
  for (const item of document.querySelectorAll('#steps li')) item.classList.toggle('done', steps[item.dataset.step]);
  const step = next(steps);
  if (hint.textContent !== words[`hint_${step}`]) hint.textContent = words[`hint_${step}`];
  levers.deliver.classList.toggle('next', step === 'asked' || step === 'case');
  levers.day.classList.toggle('next', step === 'followed_up');
  glow('customer', step === 'rated' || step === 'closed', step);
  glow('staff', ['taken', 'wrote', 'resolved'].includes(step), step);
  shown = step;
}

// The telephone whose turn it is glows, and on a narrow screen comes into view, once for each step.
function glow(name, isNext, step) {
  const phone = document.getElementsByName(name)[0].parentElement;
  phone.classList.toggle('next', isNext);
  if (isNext && step !== shown && matchMedia('(max-width: 40rem)').matches) phone.scrollIntoView({ block: 'start' });
}

levers.deliver.addEventListener('click', () => pull(levers.deliver, '/demo/delivery'));
levers.day.addEventListener('click', () => pull(levers.day, '/demo/time', { hours: 24 }));
document.getElementById('again').addEventListener('click', () => begin());

async function watch() {
  try { await look(); } catch { hint.textContent = words.lost; }
  setTimeout(watch, document.hidden ? 5000 : 1000);
}

begin().then(watch, () => { hint.textContent = words.lost; });
