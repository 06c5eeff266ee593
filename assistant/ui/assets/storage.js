// The reader's conversations, in this browser alone. Every call survives a browser that keeps nothing, a
// storage that is full, and content that another program has spoilt.

const MOST = 50;
const FORMAT = { format: "learning-communities-assistant/conversation", version: 1 };
const PLACE = location.pathname;
const KEPT = `lc-conversation:${PLACE}:`;
const CURRENT = `lc-current:${PLACE}`;
const OFF = `lc-keep-nothing:${PLACE}`;

function read(storage, key) {
  try {
    return globalThis[storage].getItem(key);
  } catch {
    return null;
  }
}

function write(storage, key, value) {
  try {
    globalThis[storage].setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

function remove(storage, key) {
  try {
    globalThis[storage].removeItem(key);
  } catch {
    // Nothing is kept, so nothing has to go.
  }
}

function parsed(text) {
  try {
    const record = JSON.parse(text);
    return Array.isArray(record?.conversation?.exchanges) ? record : null;
  } catch {
    return null;
  }
}

function keptKeys() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(KEPT));
  } catch {
    return [];
  }
}

export const isOff = () => read("localStorage", OFF) !== null;

export function switchOff(off) {
  if (off) return write("localStorage", OFF, "yes");
  remove("localStorage", OFF);
  return true;
}

// One that cannot be read is listed too, without a title, so that it can be deleted.
export const list = () =>
  keptKeys()
    .map((key) => ({ title: "", updated: "", ...parsed(read("localStorage", key)), id: key.slice(KEPT.length) }))
    .sort((one, other) => String(other.updated).localeCompare(String(one.updated)));

export const load = (id) => read("localStorage", KEPT + id);

export function newRecord() {
  const created = `${new Date().toISOString().slice(0, 19)}Z`;
  const id = `${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
  return { id, title: "", updated: created, conversation: { ...FORMAT, created, index: "", exchanges: [] } };
}

// Returns what to tell the reader: nothing, "made_room", "full" or "unavailable".
export function save(record) {
  const text = JSON.stringify(record);
  if (isOff()) return write("sessionStorage", CURRENT, text) ? "" : "unavailable";
  const older = () => list().filter((one) => one.id !== record.id);
  for (const one of older().slice(MOST - 1)) remove("localStorage", KEPT + one.id);
  let problem = "";
  while (!write("localStorage", KEPT + record.id, text)) {
    const oldest = older().pop();
    if (!oldest) return write("sessionStorage", CURRENT, text) ? "full" : "unavailable";
    remove("localStorage", KEPT + oldest.id);
    problem = "made_room";
  }
  write("sessionStorage", CURRENT, JSON.stringify({ id: record.id }));
  return problem;
}

export const forgetCurrent = () => remove("sessionStorage", CURRENT);

// The conversation of this tab, as it was before the page was opened anew.
export function current() {
  const text = read("sessionStorage", CURRENT);
  if (!text) return null;
  try {
    const held = JSON.parse(text);
    return parsed(text) ?? parsed(load(String(held.id)));
  } catch {
    return null;
  }
}

export const deleteOne = (id) => remove("localStorage", KEPT + id);

export const deleteAll = () => keptKeys().forEach((key) => remove("localStorage", key));

export const asRecord = parsed;
