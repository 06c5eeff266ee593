// Carry what a reader does inside an answer to Gradio, whose own events stop at its blocks, and bring the
// reply back.

import { byId, words } from "./dom.js";

const PATIENCE_MS = 30_000;
const waiting = new Map();
let calls = 0;
let before = Promise.resolve();
let lastAsked = null;
let recover = async () => false;

const shown = () => document.querySelectorAll("#conversation .exchange").length;
const newCall = () => `${Date.now()}-${++calls}`;

// `again` brings back a conversation that the server no longer knows, and tells whether it could.
export function whenLost(again) {
  recover = again;
}

// With the language that the page shows: what Gradio sends of its switch can be behind while the page opens.
function send(event, detail) {
  document.dispatchEvent(new CustomEvent(event, { detail: { ...detail, spoken: words().language } }));
}

// `name` is one that the page knows (assistant/ui/page.py), `details` are plain values. Resolves to the
// handler's reply; it has a `problem`, worded for people, when that could not be done.
export function act(name, details = {}) {
  // One after the other: there is one place for replies, and each action reads what the one before left.
  before = before.then(() => performed(name, details));
  return before;
}

async function performed(name, details) {
  const reply = await perform(name, { ...details, shown: shown() });
  if (!reply.lost) return reply;
  return (await recover()) ? perform(name, details) : { problem: words().trouble };
}

// Past those that wait, for what they themselves wait for.
export function perform(name, details) {
  const call = newCall();
  return new Promise((resolve) => {
    const tooLong = setTimeout(() => finish(call, { problem: words().trouble }), PATIENCE_MS);
    waiting.set(call, (reply) => {
      clearTimeout(tooLong);
      resolve(reply);
    });
    send("lc-act", { ...details, name, call });
  });
}

// Asks a question in one of the ways that the page knows; the answer appears in the conversation.
export function ask(name, details = {}) {
  lastAsked = { call: newCall(), name, details };
  send("lc-ask", { ...details, name, call: lastAsked.call, shown: shown() });
}

async function askAgain({ name, details }) {
  await recover();
  send("lc-ask", { ...details, name, call: newCall() });
}

function finish(call, reply) {
  waiting.get(call)?.(reply);
  waiting.delete(call);
}

export function takeReply() {
  const output = byId("reply")?.querySelector("output[data-call]");
  if (output && lastAsked?.call === output.dataset.call) {
    const asked = lastAsked;
    lastAsked = null;
    askAgain(asked);
  }
  if (output && waiting.has(output.dataset.call)) finish(output.dataset.call, JSON.parse(output.textContent));
}

// Buttons inside our own HTML: data-ask asks, data-act does; the other data go along.
document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-ask], [data-act]");
  if (!control || control.getAttribute("aria-disabled") === "true") return;
  event.preventDefault();
  const { ask: asking, act: acting, ...details } = control.dataset;
  if (asking) ask(asking, details);
  else act(acting, details).then((reply) => control.dispatchEvent(new CustomEvent("lc-done", { bubbles: true, detail: reply })));
});
