// Tell screen readers what is being done and what is answered: each sentence once, as soon as it is there, and in its
// own language. Gradio writes its block anew at every step, which a screen reader would take for new words each time.

import { byId } from "./dom.js";

let last = null;

function region() {
  const found = byId("announcement");
  if (found) return found;
  const made = document.createElement("div");
  made.id = "announcement";
  for (const [name, value] of [["role", "log"], ["aria-live", "polite"], ["aria-atomic", "false"]]) made.setAttribute(name, value);
  document.body.append(made);
  return made;
}

export function refreshAnnouncement() {
  const told = region();
  const now = [...(byId("announced")?.querySelectorAll("p") ?? [])];
  const key = now.map((one) => one.outerHTML).join("");
  if (key === last) return;
  last = key;
  const texts = new Set(now.map((one) => one.textContent));
  // Words of an answer before this one; and what was being done, once there is something else.
  const goesOn = [...told.children].some((one) => texts.has(one.textContent));
  for (const one of [...told.children]) if (!goesOn || "doing" in one.dataset) one.remove();
  const before = new Set([...told.children].map((one) => one.textContent));
  told.append(...now.filter((one) => !before.has(one.textContent)).map((one) => one.cloneNode(true)));
}
