// What a message holds: pictures, sound and film in place, everything else to be saved.

// Return the block for the files of one entry of the log, null when it has none.
export function held(entry, attachments, at, words) {
  if (!attachments?.length) return null;
  const block = element('div', { className: 'held' });
  block.append(...attachments.map((attachment, number) => shown(attachment, `${at}/files/${entry}/${number}`, words)));
  return block;
}

function shown({ kind, made, name, alt }, address, words) {
  const label = alt || name || '';
  const gone = (event) => event.target.replaceWith(element('p', { className: 'gone', textContent: words.file_gone }));
  if (kind === 'photo') {
    const picture = element('img', { src: address, alt: label, className: made ?? '' });
    picture.addEventListener('error', gone);
    if (made === 'qr') return picture;
    const link = element('a', { href: address, target: '_blank', rel: 'noopener', ariaLabel: words.open_file.replace('{name}', () => label) });
    link.append(picture);
    return link;
  }
  if (kind === 'audio' || kind === 'voice' || kind === 'video') {
    const player = element(kind === 'video' ? 'video' : 'audio', { src: address, controls: true, preload: 'metadata', ariaLabel: label });
    if (kind === 'video') player.playsInline = true;
    player.addEventListener('error', gone);
    return player;
  }
  const link = element('a', { href: address, className: 'file', textContent: `↓ ${name || label}`, target: '_blank', rel: 'noopener' });
  link.download = name || '';
  return link;
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
