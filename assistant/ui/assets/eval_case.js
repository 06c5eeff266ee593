// The form with which an evaluator corrects a proposed case before it joins the test questions.

import { act } from "./actions.js";
import { scrollTo } from "./dom.js";

const addButton = (panel) => panel.node.querySelector("[data-add]");

function close(panel) {
  panel.node.querySelector(".case-place").replaceChildren();
  addButton(panel).hidden = false;
  addButton(panel).focus({ preventScroll: true });
}

// Every field by its name, each with the list of its values.
function valuesOf(form) {
  const fields = new FormData(form);
  return Object.fromEntries([...new Set(fields.keys())].map((name) => [name, fields.getAll(name)]));
}

async function write(panel, form, say) {
  const button = form.querySelector("[type=submit]");
  button.setAttribute("aria-disabled", "true");
  const reply = await act("case-write", { ...valuesOf(form), exchange: panel.exchange });
  button.removeAttribute("aria-disabled");
  say(panel, reply);
  if (reply.problem) return;
  panel.forEvals = true;
  close(panel);
}

// `say` shows a reply in the panel.
export async function addCaseForm(panel, say) {
  const reply = await act("case-draft", { exchange: panel.exchange });
  if (reply.problem) {
    say(panel, reply);
    return;
  }
  const template = document.createElement("template");
  template.innerHTML = reply.html;
  const form = template.content.firstElementChild;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.querySelector("[type=submit]").getAttribute("aria-disabled") !== "true") write(panel, form, say);
  });
  form.querySelector("[data-cancel]").addEventListener("click", () => close(panel));
  addButton(panel).hidden = true;
  panel.node.querySelector(".case-place").replaceChildren(form);
  form.querySelector("textarea").focus({ preventScroll: true });
  scrollTo(form, "start");
}
