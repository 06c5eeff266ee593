// Take along an answer, a link to it, or the whole conversation; and open such a link.

import { act, ask } from "./actions.js";
import { byId, scrollTo, words } from "./dom.js";

// --- Copying

// Forms of an answer by its element: what was written anew is fetched anew.
const copies = new WeakMap();
const isCopy = (button) => ["copy", "markdown"].includes(button?.dataset.keep);

// Fetched when the pointer or the focus arrives: without a safe connection a browser only copies what is there at
// the moment of the click.
function prepare(exchange) {
  let copy = copies.get(exchange);
  if (!copy) {
    copy = { ready: act("copy", { exchange: exchange.dataset.exchange }), reply: null };
    copy.ready.then((reply) => {
      if (reply.problem) copies.delete(exchange);
      else copy.reply = reply;
    });
    copies.set(exchange, copy);
  }
  return copy;
}

// By media type, as the clipboard wants them.
const formsOf = ({ text, html, markdown }, kind) =>
  kind === "markdown" ? { "text/plain": markdown } : { "text/plain": text, "text/html": html };

// For pages without a safe connection, where the browser offers nothing else.
function copyByCommand(forms) {
  let done = false;
  const fill = (event) => {
    for (const [type, content] of Object.entries(forms)) event.clipboardData.setData(type, content);
    event.preventDefault();
    event.stopImmediatePropagation();
    done = true;
  };
  const focused = document.activeElement;
  const carrier = document.createElement("textarea");
  carrier.value = forms["text/plain"];
  carrier.className = "visually-hidden";
  // Some browsers only copy where something is selected.
  document.querySelector(".gradio-container").append(carrier);
  carrier.select();
  document.addEventListener("copy", fill, true);
  try {
    document.execCommand("copy");
  } catch {
    done = false;
  }
  document.removeEventListener("copy", fill, true);
  carrier.remove();
  focused?.focus({ preventScroll: true });
  return done;
}

// `forms` are those of formsOf, or the promise of them where they are still on their way.
async function copyForms(forms, types) {
  if (navigator.clipboard?.write && globalThis.ClipboardItem) {
    const blob = async (type) => new Blob([(await forms)[type]], { type });
    try {
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(types.map((type) => [type, blob(type)])))]);
      return true;
    } catch {
      // The reader or the browser refused; the older way may still be open.
    }
  }
  return copyByCommand(forms instanceof Promise ? await forms : forms);
}

const saidOf = (button) => button.closest("[data-exchange], #keep").querySelector(".kept-said");

function say(place, text, isProblem = false) {
  place.classList.toggle("failed", isProblem);
  place.parentElement.querySelector(".by-hand")?.remove();
  // The same words twice are only read aloud when they were gone in between.
  place.textContent = "";
  setTimeout(() => {
    place.textContent = text;
    // The question field may stand before it.
    scrollTo(place, "nearest");
  }, 50);
}

// Where nothing may be copied, the reader can still do it.
function offer(place, text) {
  say(place, place.dataset.notCopied, true);
  const carrier = document.createElement("textarea");
  Object.assign(carrier, { className: "by-hand", readOnly: true, value: text, rows: 3 });
  carrier.setAttribute("aria-label", place.dataset.byHand);
  place.after(carrier);
  carrier.focus();
  carrier.select();
}

async function copyAnswer(button) {
  const kind = button.dataset.keep;
  const { ready, reply } = prepare(button.closest("[data-exchange]"));
  const types = kind === "markdown" ? ["text/plain"] : ["text/plain", "text/html"];
  const forms = reply
    ? formsOf(reply, kind)
    : ready.then((late) => (late.problem ? Promise.reject(new Error(late.problem)) : formsOf(late, kind)));
  try {
    const done = await copyForms(forms, types);
    const place = saidOf(button);
    if (done) say(place, place.dataset.copied);
    else offer(place, (await forms)["text/plain"]);
  } catch (error) {
    say(saidOf(button), error.message, true);
  }
}

// --- Links

const addressOf = ({ link }) => location.href.split(/[?#]/)[0] + link;

async function copyLink(button) {
  const place = saidOf(button);
  const address = addressOf(button.dataset);
  if (await copyForms({ "text/plain": address }, ["text/plain"])) say(place, place.dataset.linkCopied);
  else offer(place, address);
}

async function share(button) {
  const question = button.closest("[data-exchange]").querySelector(".question").textContent;
  try {
    await navigator.share({ title: words().title, text: question, url: addressOf(button.dataset) });
  } catch (error) {
    // The reader changed their mind.
    if (error.name !== "AbortError") copyLink(button);
  }
}

document.documentElement.toggleAttribute("data-can-share", Boolean(navigator.share));

// --- The whole conversation

const menu = () => document.querySelector("#keep details");

function download({ name, type, base64 }) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  // Outside the page, so that nothing there takes it for a click of the reader.
  Object.assign(document.createElement("a"), { href: address, download: name }).click();
  // Not at once: some browsers begin to read only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

async function save(button) {
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  const reply = await act("export", { form: button.dataset.export });
  button.removeAttribute("aria-disabled");
  if (!reply.problem) download(reply);
  say(saidOf(button), reply.problem ?? reply.said, Boolean(reply.problem));
}

function closeMenu() {
  menu().open = false;
  menu().querySelector(".kept-said").textContent = "";
}

const KEEPING = { copy: copyAnswer, markdown: copyAnswer, link: copyLink, share };

document.addEventListener("click", (event) => {
  const keep = event.target.closest?.("[data-keep]");
  const form = event.target.closest?.("[data-export]");
  if (keep) KEEPING[keep.dataset.keep](keep);
  if (form) save(form);
  if (menu()?.open && !event.target.closest?.("#keep")) closeMenu();
});
for (const arrival of ["pointerover", "focusin"]) {
  document.addEventListener(arrival, (event) => {
    const button = event.target.closest?.("[data-keep]");
    if (isCopy(button)) prepare(button.closest("[data-exchange]"));
  });
}

// Before the question field hears of it, which would stop the answer that is being written.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !menu()?.open) return;
    event.preventDefault();
    closeMenu();
    menu().querySelector("summary").focus();
  },
  true,
);

// --- Opening a link

const isLink = (part) => /[#?&]q=/.test(part);
// Behind a question mark it stands in a link that was written by hand; the other scripts look behind the "#".
if (isLink(location.search) && !isLink(location.hash)) {
  history.replaceState(null, "", `${location.pathname}#${location.search.slice(1)}`);
}
let wanted = isLink(location.hash) ? location.hash : "";
let switched = false;
document.documentElement.toggleAttribute("data-linked", Boolean(wanted));
// A page that already shows a conversation opens the link as a new page would; the conversation is kept.
addEventListener("hashchange", () => isLink(location.hash) && location.reload());

// The page speaks the language of the link before it asks, so that nothing changes the answer while it is written.
function speaks(language) {
  if (!["nl", "en"].includes(language) || words().language === language) return true;
  const choice = [...document.querySelectorAll("#language input")].find((one) => one.value === language);
  if (!choice) return true;
  if (!switched) choice.click();
  switched = true;
  return false;
}

function openLink() {
  const introduction = byId("introduction");
  if (!wanted || !introduction || introduction.hasAttribute("data-opening") || !byId("actions")) return;
  if (!speaks(new URLSearchParams(wanted.slice(1)).get("lang"))) return;
  const link = wanted;
  wanted = "";
  // Whoever opens the page anew goes on with the conversation, instead of asking all of it again.
  history.replaceState(null, "", location.pathname + location.search);
  ask("linked", { link });
}

export function refreshKeeping() {
  // Not within the change that showed the page: Gradio is still at it, and would lose what is asked.
  if (wanted) setTimeout(openLink);
  const isThere = document.querySelector(".exchange, #notice .notice");
  if (isThere && !wanted) document.documentElement.toggleAttribute("data-linked", false);
}
