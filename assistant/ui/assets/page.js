// What Gradio's blocks cannot do by themselves: keep the page's language and title right, name its parts
// for screen readers, and bring a new answer into view. Each panel's own script stands in its own file.
// The page's HTML carries no handlers: the content security policy would not run them.

import { takeReply } from "./actions.js";
import { refreshAnnouncement } from "./announce.js";
import { refreshComposer } from "./composer.js";
import { checkSignedIn, watchConnection } from "./connection.js";
import { byId, focusQuestion, scrollTo, setAttributes, setText, words } from "./dom.js";
import { refreshEvaluator } from "./evaluator.js";
import { refreshFeedback } from "./feedback.js";
import { refreshHistory } from "./history.js";
import { refreshKeeping } from "./keeping.js";
import "./overview.js";
import { forgetOpenedSource, keepSourceOpen } from "./sources.js";

document.addEventListener("click", (event) => {
  if (event.target.closest?.(".skip-link")) {
    focusQuestion();
    event.preventDefault();
  }
  // The examples disappear once one is asked; without this the keyboard would start at the top again.
  if (event.target.closest?.(".example")) byId("conversation")?.focus({ preventScroll: true });
  if (event.target.closest?.("#clear")) focusQuestion();
});

function nameParts() {
  const { conversation, sources, switch: languageSwitch } = words();
  setAttributes(byId("conversation"), { tabindex: "-1" });
  setAttributes(byId("chat-column"), { role: "region", "aria-label": conversation });
  setAttributes(byId("sources-column"), { role: "complementary", "aria-label": sources });
  setAttributes(byId("notice"), { role: "alert" });
  setAttributes(byId("language"), { role: "radiogroup", "aria-label": languageSwitch });
  // Gradio gives each choice a name of its own, and the keyboard then takes each for a group of one.
  for (const choice of document.querySelectorAll("#language input")) setAttributes(choice, { name: "language" });
}

function followLanguage() {
  const { language, title } = words();
  if (language && document.documentElement.lang !== language) document.documentElement.lang = language;
  if (title && document.title !== title) document.title = title;
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

// Gradio words its own trouble (a full queue, a lost connection) in English and for programmers.
function translateTrouble() {
  const { troubleTitle, trouble, backTitle, back, close } = words();
  for (const toast of document.querySelectorAll("[data-testid='toast-body']")) {
    const isTrouble = toast.classList.contains("error") || toast.classList.contains("warning");
    if (isTrouble && !toast.dataset.checked) {
      toast.dataset.checked = "yes";
      checkSignedIn();
    }
    setText(toast.querySelector(".toast-title"), isTrouble ? troubleTitle : backTitle);
    setText(toast.querySelector("[data-testid='toast-text']"), isTrouble ? trouble : back);
    setAttributes(toast.querySelector("[data-testid='toast-close']"), { "aria-label": close });
  }
}

function refresh() {
  nameParts();
  followLanguage();
  showNewExchange();
  keepSourceOpen();
  translateTrouble();
  refreshAnnouncement();
  takeReply();
  refreshComposer();
  refreshHistory();
  refreshKeeping();
  watchConnection();
  refreshFeedback();
  refreshEvaluator();
}

new MutationObserver(refresh).observe(document.documentElement, {
  childList: true,
  subtree: true,
  characterData: true,
  attributeFilter: ["data-language", "lang"],
});
refresh();
// What Gradio shows of a broken connection can come while nothing else changes.
setInterval(watchConnection, 1_000);
