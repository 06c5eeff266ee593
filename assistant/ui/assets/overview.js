// The window that tells what can be asked. It is filled each time it opens, because the documents may have
// changed since; the browser's own dialog keeps the focus inside, closes with Escape and gives the focus back.

import { act } from "./actions.js";
import { byId } from "./dom.js";

const panel = () => byId("overview-window");

async function fill() {
  const body = panel().querySelector(".body");
  const { html, problem } = await act("overview");
  // The window may have been written anew meanwhile, in another language.
  if (!body.isConnected) return;
  if (problem) body.textContent = problem;
  // Made by the server, which escapes everything that comes from documents (assistant/ui/panels/overview.py).
  else body.innerHTML = html;
  body.removeAttribute("aria-busy");
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-overview]")) {
    panel().showModal();
    panel().scrollTop = 0;
    fill();
  } else if (event.target === panel() || event.target.closest?.("#overview-window [data-close]")) {
    panel().close();
  } else if (event.target.closest?.(".suggestion")) {
    panel().close();
    // The button is gone when the answer comes; without this the keyboard would start at the top again.
    byId("conversation")?.focus({ preventScroll: true });
  }
});
