// Files on their way up: each begins at once when it is chosen, shows how far it is, and can be taken away again.

export class Uploads {
  constructor(list, address, csrf, words, most, on) {
    Object.assign(this, { list, address, csrf, words, most, on, files: [] });
  }

  get busy() { return this.files.some((file) => file.request); }
  get troubled() { return this.files.some((file) => file.trouble); }

  add(chosen) {
    const room = this.most - this.files.length;
    if (chosen.length > room) this.on.told(this.put('too_many_files', { max: this.most }));
    for (const content of [...chosen].slice(0, room)) this.begin(content);
    this.show();
  }

  // Return the ids of what is up, and begin anew.
  take() {
    const ids = this.files.map((file) => file.id);
    this.files = [];
    this.show();
    return ids;
  }

  begin(content) {
    const name = content.name || 'file';
    const file = { content, name, id: 0, trouble: '', request: null, item: document.createElement('li') };
    const label = Object.assign(document.createElement('span'), { textContent: name });
    const remove = Object.assign(document.createElement('button'), { type: 'button', textContent: '✕', ariaLabel: this.put('remove_file', { name }) });
    file.bar = Object.assign(document.createElement('progress'), { max: 100, value: 0, ariaLabel: name });
    label.addEventListener('click', () => { if (file.trouble === 'again') this.send(file); });
    remove.addEventListener('click', () => this.drop(file));
    file.label = label;
    file.item.append(label, remove, file.bar);
    this.files.push(file);
    this.send(file);
  }

  send(file) {
    const request = new XMLHttpRequest();
    Object.assign(file, { request, trouble: '' });
    file.label.textContent = file.name;
    file.item.classList.remove('trouble');
    file.bar.hidden = false;
    request.open('POST', `${this.address}&name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('X-CSRF-Token', this.csrf);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Accept', 'application/json');
    request.upload.onprogress = ({ loaded, total }) => { file.bar.value = (100 * loaded) / total; };
    request.onload = () => this.ended(file, request);
    request.onerror = () => this.fail(file, 'again', this.put('file_failed', { name: file.name }));
    request.send(file.content);
  }

  ended(file, request) {
    if (request.status === 201) {
      Object.assign(file, { request: null, id: JSON.parse(request.responseText).id });
      file.bar.remove();
      this.on.changed();
      return;
    }
    const final = [413, 415, 422].includes(request.status) || (request.status === 429 && !request.getResponseHeader('Retry-After'));
    this.fail(file, final ? 'refused' : 'again', final ? why(request) : this.put('file_failed', { name: file.name }));
  }

  fail(file, trouble, told) {
    Object.assign(file, { request: null, trouble });
    file.item.classList.add('trouble');
    file.bar.hidden = true;
    file.label.textContent = `${file.name}: ${told}`;
    this.on.told(told);
    this.on.changed();
  }

  drop(file) {
    file.request?.abort();
    this.files = this.files.filter((each) => each !== file);
    this.show();
  }

  show() {
    this.list.replaceChildren(...this.files.map((file) => file.item));
    this.list.hidden = !this.files.length;
    this.on.changed();
  }

  put(name, values) {
    return this.words[name].replace(/\{(\w+)\}/g, (_, key) => String(values[key]));
  }
}

function why(request) {
  try { return JSON.parse(request.responseText).detail; } catch { return String(request.status); }
}
