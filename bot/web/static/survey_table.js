// The table of a survey and what is done to it: edits applied, two editors' changes brought together, and the edits
// that lead from one table to another. Pure: nothing here knows a page or a connection.

export const isTable = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const isKeyed = (list) => Array.isArray(list) && list.every((one) => isTable(one) && typeof one.key === 'string')
  && new Set(list.map((one) => one.key)).size === list.length;
const found = (list, key) => list.find((one) => one.key === key);

export function same(one, other) {
  if (one === other) return true;
  if (Array.isArray(one)) return Array.isArray(other) && one.length === other.length && one.every((each, n) => same(each, other[n]));
  if (!isTable(one) || !isTable(other)) return false;
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => key in other && same(one[key], other[key]));
}

// Return what stands at a path, undefined where nothing does.
export const at = (table, path) => path.reduce((inner, part) => inner?.[part], table);

// --- edits ----------------------------------------------------------------------------------------------------------

// Return the table with edits done to it, in their order; the one given stays as it is.
export function applied(table, edits) {
  const made = structuredClone(table);
  edits.forEach((edit) => change(made, edit));
  return made;
}

function change(table, edit) {
  if ('put' in edit) { const [holder, last] = reached(table, edit.put); holder[last] = structuredClone(edit.value); return; }
  if ('drop' in edit) { drop(table, edit.drop); return; }
  const [holder, last] = reached(table, edit.insert ?? edit.move);
  holder[last] ??= [];
  if ('insert' in edit) { holder[last].splice(edit.at, 0, structuredClone(edit.table)); return; }
  holder[last].splice(edit.to, 0, ...holder[last].splice(edit.at, 1));
}

function reached(table, path) {
  let holder = table;
  path.slice(0, -1).forEach((part, n) => { holder[part] ??= typeof path[n + 1] === 'number' ? [] : {}; holder = holder[part]; });
  return [holder, path.at(-1)];
}

function drop(table, path) {
  const [holder, last] = reached(table, path);
  if (Array.isArray(holder)) holder.splice(last, 1); else delete holder[last];
  if (path.length > 1 && !Object.keys(holder).length) drop(table, path.slice(0, -1)); // nothing is left around it
}

// Return edits with those left out that a later one to the same place makes void.
export function compressed(edits) {
  return edits.filter((edit, n) => !('put' in edit && edits[n + 1] && 'put' in edits[n + 1] && same(edit.put, edits[n + 1].put)));
}

// --- two editors ----------------------------------------------------------------------------------------------------

// Bring together what I and they made of the same table. What both changed in one place is `torn`: told apart by the
// keys of questions, options and rows, never by where they stand, and for the time being as they made it.
export function merged(was, mine, theirs) {
  const torn = [];
  return { table: merge(was, apart(was, mine, theirs), theirs, [], torn), torn };
}

// Two who added a question at once may have given it the same key: mine gets another, so that both stay.
function apart(was, mine, theirs) {
  const list = (table) => (isKeyed(table.question) ? table.question : []);
  const both = list(mine).filter((one) => found(list(theirs), one.key) && !found(list(was), one.key) && !same(one, found(list(theirs), one.key)));
  const taken = new Set([...list(mine), ...list(theirs)].map((one) => one.key));
  return both.reduce((table, one) => {
    const key = freeKey(one.key, taken);
    taken.add(key);
    return applied(table, renaming(table, list(table).findIndex((each) => each.key === one.key), key));
  }, mine);
}

function merge(was, mine, theirs, path, torn) {
  if (same(mine, theirs) || same(was, theirs)) return mine;
  if (same(was, mine)) return theirs;
  if (isTable(mine) && isTable(theirs)) return mergedTables(isTable(was) ? was : {}, mine, theirs, path, torn);
  if (isKeyed(mine) && isKeyed(theirs)) return mergedLists(isKeyed(was) ? was : [], mine, theirs, path, torn);
  torn.push({ path, was, mine, theirs });
  return theirs;
}

function mergedTables(was, mine, theirs, path, torn) {
  const made = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = merge(was[key], mine[key], theirs[key], [...path, key], torn);
    if (value !== undefined) made[key] = value;
  }
  return made;
}

function mergedLists(was, mine, theirs, path, torn) {
  const known = new Map();
  for (const key of new Set([...theirs, ...mine].map((one) => one.key))) {
    const value = merge(found(was, key), found(mine, key), found(theirs, key), [...path, key], torn);
    if (value !== undefined) known.set(key, value);
  }
  const keys = (list) => list.map((one) => one.key);
  const moved = !same(keys(was).filter((key) => found(mine, key)), keys(mine).filter((key) => found(was, key)));
  const [first, second] = moved ? [keys(mine), keys(theirs)] : [keys(theirs), keys(mine)];
  return interleaved(first, second).filter((key) => known.has(key)).map((key) => known.get(key));
}

// The first order, and what only the second has, each behind what it stood behind there.
function interleaved(first, second) {
  const order = [...first];
  second.forEach((key, n) => { if (!order.includes(key)) order.splice(n ? order.indexOf(second[n - 1]) + 1 : 0, 0, key); });
  return order;
}

// Return the table with one torn place as somebody chose to have it; `order` is a table that knows where it stood.
export function settled(table, path, value, order) {
  const made = structuredClone(table);
  let holder = made;
  let beside = order;
  path.forEach((part, n) => {
    const place = Array.isArray(holder) ? holder.findIndex((one) => one.key === part) : part;
    if (n < path.length - 1) { if (holder[place] === undefined) holder[place] = {}; holder = holder[place]; beside = inside(beside, part); return; }
    if (!Array.isArray(holder)) { if (value === undefined) delete holder[part]; else holder[part] = value; return; }
    if (place >= 0) { holder.splice(place, 1, ...(value === undefined ? [] : [value])); return; }
    const before = (beside ?? []).slice(0, (beside ?? []).findIndex((one) => one.key === part)).map((one) => one.key).reverse();
    const behind = before.map((key) => holder.findIndex((one) => one.key === key)).find((index) => index >= 0) ?? -1;
    if (value !== undefined) holder.splice(behind + 1, 0, value);
  });
  return made;
}

const inside = (value, part) => (Array.isArray(value) ? found(value, part) : value?.[part]);

// --- from one table to another --------------------------------------------------------------------------------------

// Return the edits that make `to` of `from`.
export function between(from, to, path = []) {
  const edits = [];
  for (const key of Object.keys(from)) if (!(key in to)) edits.push({ drop: [...path, key] });
  for (const key of Object.keys(to)) edits.push(...one(from[key], to[key], [...path, key]));
  return edits;
}

function one(from, to, path) {
  if (same(from, to)) return [];
  if (to && typeof to === 'object' && !Object.keys(to).length && from !== undefined) return [{ drop: path }];
  if (isTable(from) && isTable(to)) return between(from, to, path);
  return isKeyed(from) && isKeyed(to) ? listed(from, to, path) : [{ put: path, value: to }];
}

function listed(from, to, path) {
  const edits = [];
  const keys = from.map((each) => each.key);
  for (let n = keys.length - 1; n >= 0; n -= 1) {
    if (!found(to, keys[n])) { edits.push({ drop: [...path, n] }); keys.splice(n, 1); }
  }
  to.forEach((each, n) => {
    const stands = keys.indexOf(each.key);
    if (stands < 0) { edits.push({ insert: path, at: n, table: each }); keys.splice(n, 0, each.key); return; }
    if (stands !== n) { edits.push({ move: path, at: stands, to: n }); keys.splice(n, 0, ...keys.splice(stands, 1)); }
  });
  to.forEach((each, n) => { if (found(from, each.key)) edits.push(...between(found(from, each.key), each, [...path, n])); });
  return edits;
}

// --- keys -----------------------------------------------------------------------------------------------------------

const KEY = /^[a-z][a-z0-9_]{0,31}$/;
const RESERVED = new Set(('customer service business answers end and or not in is if else elif endif for endfor true false none set endset block '
  + 'endblock extends include import from with endwith macro endmacro call endcall filter endfilter raw endraw do loop self super varargs '
  + 'kwargs caller autoescape endautoescape trans endtrans pluralize break continue').split(' '));

export const isKey = (text) => KEY.test(text) && !RESERVED.has(text);

// Return a key like the wanted one that nobody has yet.
export function freeKey(wanted, taken) {
  const stem = (isKey(wanted) ? wanted : 'question').slice(0, 28).replace(/_\d+$/, '');
  if (isKey(wanted) && !taken.has(wanted)) return wanted;
  for (let n = 2; ; n += 1) if (!taken.has(`${stem}_${n}`)) return `${stem}_${n}`;
}

// Return a key made of a text: its first words in small Latin letters, or the stem where it has none.
export function keyOf(text, stem, taken) {
  const words = text.normalize('NFKD').replace(/[\u0300-\u036f]/g, '').toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const made = words.slice(0, 3).join('_').slice(0, 24).replace(/^[0-9_]+/, '').replace(/_+$/, '');
  return freeKey(made || stem, taken);
}

// Return the edits that give a question another key, with every place that names it: branches, conditions and texts.
export function renaming(table, n, key) {
  const asked = table.question[n];
  const names = [[asked.key, key], ...(asked.rows ?? []).map((row) => [`${asked.key}_${row.key}`, `${key}_${row.key}`])];
  const edits = [{ put: ['question', n, 'key'], value: key }];
  const visit = (value, path) => {
    if (typeof value === 'string') { const after = renamed(value, path, names); if (after !== value) edits.push({ put: path, value: after }); return; }
    if (value && typeof value === 'object') Object.entries(value).forEach(([part, inner]) => visit(inner, [...path, Array.isArray(value) ? Number(part) : part]));
  };
  visit(table, []);
  return edits;
}

function renamed(text, path, names) {
  const last = path.at(-1);
  if (last === 'to' || same(path, ['explain'])) return names.find(([old]) => old === text)?.[1] ?? text;
  const word = last === 'when' || same(path, ['unhappy']) ? '(?<![\\w.])((?:answers\\.)?)' : '(?<![\\w.])(answers\\.)';
  return names.reduce((said, [old, key]) => unquoted(said, (part) => part.replace(new RegExp(`${word}${old}(?!\\w)`, 'g'), `$1${key}`), word.endsWith('?)')), text);
}

// What stands in quotes inside a condition is a value and no name; in a text quotes mean nothing.
const unquoted = (text, change_, quotes) => (quotes ? text.split(/("[^"]*"|'[^']*')/).map((part, n) => (n % 2 ? part : change_(part))).join('') : change_(text));
