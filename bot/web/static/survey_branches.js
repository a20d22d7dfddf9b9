// The branch picture on a page: fetched, drawn into the page so that its colours and links are the page's own, and
// drawn anew whenever a draft was saved. What comes is an image that our server escaped; nothing in it runs.

// Draw a picture into an element; return whether there is one. The one that stands there is good until then.
export async function drawInto(place, address, signal) {
  const answer = await fetch(address, { signal });
  if (!answer.ok) return false;
  const made = new DOMParser().parseFromString(await answer.text(), 'image/svg+xml').documentElement;
  if (made.localName !== 'svg' || signal?.aborted) return false;
  place.replaceChildren(document.adoptNode(made));
  return true;
}

const box = document.getElementById('branches');
if (box) begin(box.querySelector('.branches-drawn'));

function begin(place) {
  const language = document.getElementById('tele-language');
  let newest;
  let asking = null;

  function draw() {
    asking?.abort();
    asking = new AbortController();
    const asked = new URLSearchParams(box.dataset.version ? { version: box.dataset.version } : newest === undefined ? {} : { revision: newest });
    if (language?.value) asked.set('language', language.value);
    drawInto(place, `${box.dataset.to}?${asked}`, asking.signal).catch(() => {});
  }

  document.addEventListener('draft-saved', ({ detail }) => { newest = detail?.revision; draw(); });
  language?.addEventListener('change', draw);
  // Where the questions stand on another page, a box leads there.
  place.addEventListener('click', (event) => {
    const to = event.target.closest?.('a')?.getAttribute('href');
    if (!to || document.getElementById(to.slice(1))) return;
    event.preventDefault();
    location.assign(box.dataset.to.replace(/[^/]*$/, 'edit') + to);
  });
  draw();
}
