// Whether an answer helped, and why. What was chosen shows at once and in place; the answer around it is not drawn
// anew, so the keyboard stays where it was.

import { act } from "./actions.js";

// By answer: the conversation is written anew with every next answer, also while something is being chosen or typed.
const chosen = new Map();

const read = (panel) => ({
  side: panel.querySelector("[data-rate][aria-pressed=true]")?.dataset.rate ?? "",
  reasons: [...panel.querySelectorAll("[data-side]:not([hidden]) [data-reason][aria-pressed=true]")].map(
    (button) => button.dataset.reason,
  ),
  comment: panel.querySelector("textarea").value,
  // What is only typed is the reader's own until the button is pressed.
  sent: panel.querySelector("textarea").defaultValue,
  open: panel.querySelector("details").open,
  said: panel.querySelector(".feedback-said").textContent,
  failed: panel.classList.contains("failed"),
});

function show(panel, { side, reasons, comment, sent, open, said, failed }) {
  for (const button of panel.querySelectorAll("[data-rate]")) {
    button.setAttribute("aria-pressed", String(button.dataset.rate === side));
  }
  for (const row of panel.querySelectorAll("[data-side]")) {
    row.hidden = row.dataset.side !== side;
    for (const button of row.querySelectorAll("[data-reason]")) {
      button.setAttribute("aria-pressed", String(!row.hidden && reasons.includes(button.dataset.reason)));
    }
  }
  panel.querySelector(".feedback-more").hidden = !side;
  panel.querySelector("details").open = open;
  const field = panel.querySelector("textarea");
  field.defaultValue = sent;
  if (field.value !== comment) field.value = comment;
  panel.querySelector(".feedback-said").textContent = said;
  panel.classList.toggle("failed", failed);
}

function keep(panel, changes) {
  const state = { ...read(panel), ...changes };
  chosen.set(panel.dataset.key, state);
  show(panel, state);
  return state;
}

const panelOf = (key) => document.querySelector(`.feedback[data-key="${key}"]`);

async function send(panel, changes) {
  const { exchange, key } = panel.dataset;
  const { side, reasons, sent } = keep(panel, { ...changes, said: "", failed: false });
  const reply = await act("rate", { exchange, side, reasons, comment: sent });
  // The panel may have been written anew meanwhile.
  const now = panelOf(key);
  if (now) keep(now, { said: reply.problem ?? reply.said ?? "", failed: Boolean(reply.problem) });
}

function takeBack(panel) {
  send(panel, { side: "", reasons: [], comment: "", sent: "" });
  // The button that was pressed disappears; without this the keyboard would start at the top again.
  panel.querySelector("[data-rate]").focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  const panel = button?.closest(".feedback");
  if (!panel) return;
  const { side, reasons, comment, failed } = read(panel);
  const { rate, reason } = button.dataset;
  if (rate) {
    if (rate !== side) send(panel, { side: rate, reasons: [] });
    // What could not be kept is sent once more; what was kept is taken back.
    else if (failed) send(panel, {});
    else takeBack(panel);
  } else if (reason) {
    send(panel, { reasons: reasons.includes(reason) ? reasons.filter((one) => one !== reason) : [...reasons, reason] });
  } else if ("send" in button.dataset) send(panel, { sent: comment });
  else if ("takeBack" in button.dataset) takeBack(panel);
});

function note(event) {
  const panel = event.target.closest?.(".feedback");
  if (panel) chosen.set(panel.dataset.key, read(panel));
}
document.addEventListener("input", note);
// `toggle` does not bubble.
document.addEventListener("toggle", note, true);

// What was just written shows what the server knew; what was chosen or typed since comes back here. What was said is
// in the language of before, so it is not said again.
export function refreshFeedback() {
  for (const panel of document.querySelectorAll(".feedback:not([data-seen])")) {
    panel.toggleAttribute("data-seen", true);
    const state = chosen.get(panel.dataset.key);
    if (state) keep(panel, { ...state, said: "", failed: false });
  }
}
