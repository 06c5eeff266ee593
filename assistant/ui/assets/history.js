// Keeps the conversation of this tab, opens it again when the page is opened anew, and lists earlier ones.

import { act, perform, whenLost } from "./actions.js";
import { isBusy, takeDraft } from "./composer.js";
import { byId } from "./dom.js";
import * as storage from "./storage.js";

let record = null;
let taken = null;
let asked = false;
let restoring = false;
let pending = null;
const told = new Set([""]);

const panel = () => byId("history");
const find = (selector) => panel()?.querySelector(selector);

// The server sends each answer once, and after how many others it comes.
function takeKept() {
  const output = byId("kept")?.querySelector("output[data-stamp]");
  if (!output || output.dataset.stamp === taken) return;
  taken = output.dataset.stamp;
  const { place, exchange } = JSON.parse(output.textContent);
  if (!exchange) return begin(null);
  record ??= storage.newRecord();
  const { conversation } = record;
  conversation.exchanges = [...conversation.exchanges.slice(0, place), exchange];
  conversation.index = exchange.index;
  record.title = conversation.exchanges[0].question;
  record.updated = new Date().toISOString();
  tell(storage.save(record));
}

function begin(other) {
  record = other;
  if (!other) storage.forgetCurrent();
}

// `problem` is a word of storage.js or a sentence; while the window is closed it is told once, above the field.
function tell(problem) {
  const name = problem.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
  const words = panel()?.dataset[name] ?? problem;
  show(find(".problem"), words);
  if (!panel()?.open && !told.has(problem)) show(byId("kept-notice"), words);
  told.add(problem);
}

function show(place, words) {
  if (!place) return;
  place.textContent = words;
  place.hidden = !words;
}

async function restore(kept, send = act) {
  restoring = true;
  const reply = await send("restore", { conversation: JSON.stringify(kept.conversation) });
  restoring = false;
  if (!reply.problem) begin(kept);
  return reply.problem ?? "";
}

// The server was started anew, or forgot this conversation: it gets it back, and the reader notices nothing.
whenLost(async () => Boolean(record) && !(await restore(record, perform)));

function missesConversation() {
  return record && !restoring && !isBusy() && !document.querySelector("#conversation .exchange");
}

// The page was drawn anew by a server that knows no conversation, for example in another language.
function bringBack() {
  if (!missesConversation() || pending) return;
  // Not at once: a new conversation empties the page a moment before it says so.
  pending = setTimeout(() => {
    pending = null;
    if (missesConversation()) restore(record);
  }, 300);
}

// Once, as soon as the page is there: what stood on it before it was opened anew.
async function openAgain() {
  if (asked || !byId("introduction") || byId("introduction").hasAttribute("data-opening")) return;
  asked = true;
  // A link to an answer opens a conversation of its own.
  const kept = /[#&]q=/.test(location.hash) ? null : storage.current();
  if (kept?.conversation.exchanges.length) {
    document.documentElement.toggleAttribute("data-restoring", true);
    const problem = await restore(kept);
    document.documentElement.toggleAttribute("data-restoring", false);
    if (problem) tell(problem);
    else tell(storage.save(kept));
  }
  takeDraft();
}

function dated(iso) {
  const moment = new Date(iso);
  const language = document.documentElement.lang;
  return Number.isNaN(moment.valueOf()) ? "" : moment.toLocaleString(language, { dateStyle: "long", timeStyle: "short" });
}

function row(kept) {
  const made = find(".pattern").firstElementChild.cloneNode(true);
  made.dataset.id = kept.id;
  made.querySelector(".title").textContent = String(kept.title) || "…";
  made.querySelector("time").textContent = dated(kept.updated);
  made.querySelector(".now").hidden = kept.id !== record?.id;
  made.querySelector("[data-delete] span").textContent = ` ${kept.title}`;
  return made;
}

function fill() {
  const kept = storage.list();
  find(".conversations").replaceChildren(...kept.map(row));
  find(".empty").hidden = kept.length > 0;
  find(".all").hidden = kept.length === 0;
  find(".confirm").hidden = true;
  find("[data-off]").checked = storage.isOff();
}

async function open(id) {
  if (isBusy()) return tell("busy");
  const text = storage.load(id);
  if (text === null) {
    fill();
    return tell("missing");
  }
  const kept = storage.asRecord(text);
  const problem = await restore(kept ?? { conversation: null });
  if (problem) return tell(problem);
  tell(storage.save({ ...kept, id }));
  panel().close();
  byId("conversation")?.focus({ preventScroll: true });
}

function forget(id) {
  storage.deleteOne(id);
  if (id === record?.id) clearPage();
  const rows = [...panel().querySelectorAll(".conversations li")];
  const place = rows.findIndex((one) => one.dataset.id === id);
  fill();
  const left = panel().querySelectorAll(".conversations [data-delete]");
  (left[Math.min(place, left.length - 1)] ?? find("[data-close]")).focus();
}

function forgetAll() {
  storage.deleteAll();
  clearPage();
  fill();
  find("[data-close]").focus();
}

// On a shared computer, what is deleted has to go from the screen too.
function clearPage() {
  begin(null);
  byId("clear")?.click();
}

const ACTIONS = {
  "[data-close]": () => panel().close(),
  "button.open": (control) => open(control.closest("li").dataset.id),
  "[data-delete]": (control) => forget(control.closest("li").dataset.id),
  "[data-delete-all]": () => {
    find(".confirm").hidden = false;
    find("[data-keep-all]").focus();
  },
  "[data-keep-all]": () => {
    find(".confirm").hidden = true;
    find("[data-delete-all]").focus();
  },
  "[data-delete-all-now]": forgetAll,
};

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-history]")) {
    fill();
    panel().showModal();
    return;
  }
  if (!event.target.closest?.("#history")) return;
  for (const [selector, action] of Object.entries(ACTIONS)) {
    const control = event.target.closest(selector);
    if (control) action(control);
  }
});

document.addEventListener("change", (event) => {
  if (!event.target.matches?.("#history [data-off]")) return;
  const off = event.target.checked;
  const done = storage.switchOff(off);
  // The conversation of this tab leaves the list, or comes into it.
  if (off && record) storage.deleteOne(record.id);
  tell(done ? (record ? storage.save(record) : "") : "unavailable");
  fill();
});

export function refreshHistory() {
  takeKept();
  openAgain();
  bringBack();
}
