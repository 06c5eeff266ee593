// What Gradio's blocks cannot do by themselves: open a source from a number in an answer, keep the
// page's language and title right, and name the parts of the page for screen readers.
// The page's HTML carries no handlers: the content security policy would not run them.

const byId = (id) => document.getElementById(id);
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const scrollTo = (element, block) =>
  element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });

let openedSource = null;

function showSource(source) {
  openedSource = source.id;
  const group = source.closest(".source-group");
  for (const other of document.querySelectorAll(".source-group")) other.hidden = other !== group;
  for (const other of group.querySelectorAll(".source")) {
    other.open = other === source;
    other.classList.toggle("opened", other === source);
  }
  for (const marker of document.querySelectorAll("a.marker, a.nearest")) {
    marker.toggleAttribute("data-opened", marker.hash === `#${source.id}`);
  }
}

function forgetOpenedSource() {
  openedSource = null;
  for (const marker of document.querySelectorAll("[data-opened]")) marker.removeAttribute("data-opened");
}

function openSource(id) {
  const source = byId(id);
  if (!source) return;
  showSource(source);
  source.querySelector("summary").focus({ preventScroll: true });
  scrollTo(source.querySelector("mark") ?? source, "nearest");
}

function goBack(id) {
  const marker = byId(id);
  if (!marker) return;
  marker.focus({ preventScroll: true });
  scrollTo(marker, "center");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches(".marker, .nearest")) openSource(link.hash.slice(1));
  else if (link.matches(".back")) goBack(link.hash.slice(1));
  else if (link.matches(".skip-link")) byId("question")?.querySelector("textarea")?.focus();
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  // The examples disappear once one is asked; without this the keyboard would start at the top again.
  if (event.target.closest?.(".example")) byId("conversation")?.focus({ preventScroll: true });
  if (event.target.closest?.("#clear")) byId("question")?.querySelector("textarea")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const back = event.target.closest?.(".source")?.querySelector("a.back");
  if (back) goBack(back.hash.slice(1));
});

const setAttributes = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
};

function nameParts() {
  const words = byId("introduction")?.dataset ?? {};
  setAttributes(byId("conversation"), { tabindex: "-1" });
  setAttributes(byId("chat-column"), { role: "region", "aria-label": words.conversation });
  setAttributes(byId("sources-column"), { role: "complementary", "aria-label": words.sources });
  setAttributes(byId("announcement"), { role: "status", "aria-live": "polite" });
  setAttributes(byId("notice"), { role: "alert" });
  setAttributes(byId("language"), { role: "radiogroup", "aria-label": words.switch });
}

function followLanguage() {
  const introduction = byId("introduction");
  if (!introduction) return;
  const { language, title } = introduction.dataset;
  if (document.documentElement.lang !== language) document.documentElement.lang = language;
  if (document.title !== title) document.title = title;
}

let newestExchange = 0;
let scrolledTo = "";

// A new answer scrolls into view when it does not fit above the question field: once while it is being
// written, and once when it is finished and has moved to its place in the conversation.
function showNewExchange() {
  const last = [...document.querySelectorAll(".exchange")].pop();
  const number = last ? Number(last.dataset.exchange) : 0;
  if (number !== newestExchange) forgetOpenedSource();
  newestExchange = number;
  const place = last ? `${number} in ${last.closest(".block").id}` : "";
  const room = byId("composer")?.getBoundingClientRect().top ?? innerHeight;
  if (!last || place === scrolledTo || last.getBoundingClientRect().bottom <= room) return;
  scrolledTo = place;
  scrollTo(last, "start");
}

// The sources are written anew when the language changes; the one that was open opens again.
function keepSourceOpen() {
  const source = openedSource && byId(openedSource);
  if (source && !source.classList.contains("opened")) showSource(source);
}

const setText = (element, text) => {
  if (element && text && element.textContent.trim() !== text) element.textContent = text;
};

// Gradio words its own trouble (a full queue, a lost connection) in English and for programmers.
function translateTrouble() {
  const words = byId("introduction")?.dataset ?? {};
  for (const toast of document.querySelectorAll("[data-testid='toast-body']")) {
    const isTrouble = toast.classList.contains("error") || toast.classList.contains("warning");
    setText(toast.querySelector(".toast-title"), isTrouble ? words.troubleTitle : words.backTitle);
    setText(toast.querySelector("[data-testid='toast-text']"), isTrouble ? words.trouble : words.back);
    setAttributes(toast.querySelector("[data-testid='toast-close']"), { "aria-label": words.close });
  }
}

function refresh() {
  nameParts();
  followLanguage();
  showNewExchange();
  keepSourceOpen();
  translateTrouble();
}

new MutationObserver(refresh).observe(document.documentElement, {
  childList: true,
  subtree: true,
  characterData: true,
  attributeFilter: ["data-language", "lang"],
});
refresh();
