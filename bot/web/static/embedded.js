// The page inside another site's frame: tells the button of the frame when something new was said. It tells that
// there is news, never what: anybody may be listening there.

const tell = (what) => parent.postMessage({ makegood: what }, '*');

addEventListener('keydown', (event) => { if (event.key === 'Escape') tell('close'); });

new MutationObserver((changes) => {
  const said = changes.flatMap((change) => [...change.addedNodes]).some((node) => node.classList?.contains('theirs'));
  if (said) tell('news');
}).observe(document.getElementById('log'), { childList: true });
