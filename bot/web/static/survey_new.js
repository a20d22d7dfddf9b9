// The key of a new survey, shown as its name is typed: what the server would make of it.

for (const field of document.querySelectorAll('input[data-key-of]')) {
  const name = field.form.elements[field.dataset.keyOf];
  const usual = field.placeholder;
  const show = () => { field.placeholder = made(name.value) || usual; };
  name.addEventListener('input', show);
  show();
}

function made(name) {
  const plain = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').normalize('NFKD').replace(/[^\x20-\x7e]/g, '').toLowerCase();
  const key = plain.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '');
  return key && (/^[a-z]/.test(key) ? key : `survey_${key}`).slice(0, 32);
}
