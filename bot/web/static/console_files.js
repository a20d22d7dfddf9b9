// Pictures and documents that go with words in the console: each goes up as soon as it is chosen.

for (const form of document.querySelectorAll('form[data-files]')) {
  const label = form.querySelector('.attached');
  const list = form.querySelector('.coming');
  const ids = form.querySelector('input[name=files]');
  const send = form.querySelector('button[type=submit]');
  let going = 0;
  label.hidden = false;
  label.querySelector('input').addEventListener('change', async (event) => {
    const chosen = [...event.target.files];
    event.target.value = '';
    list.hidden = false;
    for (const file of chosen) await up(file);
  });

  async function up(file) {
    const line = list.appendChild(document.createElement('li'));
    line.textContent = `${file.name} …`;
    going += 1;
    send.disabled = true;
    try {
      const answer = await fetch(`${form.dataset.files}?name=${encodeURIComponent(file.name)}`, {
        method: 'POST', body: file, headers: { 'x-csrf-token': form.dataset.csrf, 'content-type': 'application/octet-stream' },
      });
      if (!answer.ok) throw new Error(answer.status);
      const kept = await answer.json();
      ids.value = [ids.value, kept.id].filter(Boolean).join();
      line.textContent = kept.name;
    } catch {
      line.textContent = `${file.name} ✗`;
      line.className = 'trouble';
    }
    going -= 1;
    send.disabled = going > 0;
  }
}

// A table that lies in a file is read into the field that it could be pasted into.
for (const input of document.querySelectorAll('input[data-into]')) {
  input.closest('label').hidden = false;
  input.addEventListener('change', async () => {
    const [file] = input.files;
    if (file && file.size < 100_000) input.form.elements[input.dataset.into].value = await file.text();
  });
}
