// The field to ask in: changing the last question, and what happens while a question is being answered.

import { ask } from "./actions.js";
import { byId, focusQuestion, setAttributes } from "./dom.js";

const DRAFT = `lc-draft:${location.pathname}`;
// What stood in the field before the last question was put there; null while none is being changed.
let before = null;
// What goes back into the field once the changed question has been answered.
let later = "";

const field = () => byId("question")?.querySelector("textarea");
const running = () => document.querySelector("#current .exchange");
const lastExchange = () => [...document.querySelectorAll("#conversation .exchange")].pop();

export const isBusy = () => Boolean(running());

function write(text) {
  const area = field();
  if (!area) return;
  area.value = text;
  // Gradio's own code hears of a change only through this.
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

function sayBusy() {
  const notice = byId("busy");
  if (notice) notice.hidden = false;
}

function beginEdit() {
  const question = lastExchange()?.querySelector(".question")?.textContent;
  if (!question || before !== null) return;
  if (isBusy()) return sayBusy();
  before = field().value;
  write(question);
  refreshComposer();
  focusQuestion();
  field().select();
}

function cancelEdit() {
  write(before);
  before = null;
  refreshComposer();
  focusQuestion();
}

// Runs at every change of the page; Gradio may have written these parts anew in another language.
export function refreshComposer() {
  if (before !== null && (isBusy() || !lastExchange())) {
    later = before;
    before = null;
  }
  if (later && !isBusy() && field() && !field().value) {
    const text = later;
    later = "";
    write(text);
  }
  const editing = before !== null;
  const bar = byId("editing");
  if (bar && bar.hidden === editing) bar.hidden = !editing;
  const notice = byId("busy");
  if (notice && !notice.hidden && !isBusy()) notice.hidden = true;
  const area = field();
  if (editing) setAttributes(area, { "aria-describedby": "editing-words" });
  else area?.removeAttribute("aria-describedby");
  for (const one of document.querySelectorAll("#conversation .exchange")) {
    const replaced = editing && one === lastExchange();
    if (one.classList.contains("replaced") !== replaced) one.classList.toggle("replaced", replaced);
  }
}

function send(event) {
  if (isBusy()) sayBusy();
  else if (before !== null) ask("edited", { question: field().value });
  // A question that follows others goes with the number of those, should the server have lost them.
  else if (lastExchange()) ask("field", { question: field().value });
  else return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

// In the capture phase, so that Gradio does not hear of what is not to be sent, or not like this.
document.addEventListener("click", (event) => event.target.closest?.("#ask") && send(event), true);
document.addEventListener(
  "keydown",
  (event) => {
    if (event.target !== field() || event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) send(event);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !event.target.closest?.("dialog, .source")) {
    if (before !== null) cancelEdit();
    else if (isBusy()) byId("stop")?.click();
  }
  if (event.key === "ArrowUp" && event.target === field() && !field().value && lastExchange()) {
    event.preventDefault();
    beginEdit();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-edit]")) beginEdit();
  else if (event.target.closest?.("[data-cancel-edit]")) cancelEdit();
  // The button goes away with the answer that it stands below.
  else if (event.target.closest?.("[data-ask]")) byId("conversation")?.focus({ preventScroll: true });
});

// A page that is opened anew, also by Gradio after a lost connection, still holds what was typed or asked.
addEventListener("pagehide", () => {
  const text = (before ?? field()?.value) || later || running()?.querySelector(".question")?.textContent;
  try {
    if (text) sessionStorage.setItem(DRAFT, text);
    else sessionStorage.removeItem(DRAFT);
  } catch {
    // A browser that keeps nothing loses the draft.
  }
});

export function takeDraft() {
  try {
    const text = sessionStorage.getItem(DRAFT);
    sessionStorage.removeItem(DRAFT);
    if (text && field() && !field().value) write(text);
  } catch {
    // As above.
  }
}
