// Open a source from a number in an answer, show the page that it stands on, and find the way back.

import { byId, scrollTo } from "./dom.js";
import { showPicture } from "./page_picture.js";

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

// Opened or closed by its own heading: others stay as they are, so that two sources can be compared.
function rememberOpened(source) {
  if (source.open) {
    for (const other of document.querySelectorAll(".source.opened")) other.classList.toggle("opened", other === source);
    source.classList.add("opened");
    openedSource = source.id;
  } else if (openedSource === source.id) {
    openedSource = null;
  }
}

export function forgetOpenedSource() {
  openedSource = null;
  for (const marker of document.querySelectorAll("[data-opened]")) marker.removeAttribute("data-opened");
}

// The sources are written anew when the language changes; the one that was open opens again.
export function keepSourceOpen() {
  const source = openedSource && byId(openedSource);
  if (source && !source.classList.contains("opened")) showSource(source);
}

function openSource(id) {
  const source = byId(id);
  if (!source) return;
  showSource(source);
  source.querySelector("summary").focus({ preventScroll: true });
  scrollTo(source.querySelector("mark") ?? source, "nearest");
}

// For who goes through the citations with the keyboard elsewhere: the focus stays where it is, and so does the page
// where the sources stand below the conversation.
export function revealSource(id) {
  const source = byId(id);
  if (!source) return;
  showSource(source);
  if (matchMedia("(min-width: 60.0625rem)").matches) scrollTo(source.querySelector("mark") ?? source, "nearest");
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
  else return;
  event.preventDefault();
});

// A source that opens, however that came about, shows its page. `toggle` does not bubble.
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (!target.matches?.("#source-list .source")) return;
    rememberOpened(target);
    const figure = target.open && target.querySelector(".page-picture");
    if (figure) showPicture(figure);
  },
  true,
);

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const back = event.target.closest?.(".source")?.querySelector("a.back");
  if (back) goBack(back.hash.slice(1));
});
