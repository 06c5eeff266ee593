// The evaluator mode: go through an answer sentence by sentence and citation by citation, and score each where it
// stands. The keyboard works while the focus is in the panel below the answer, so no key of the page or of a screen
// reader is taken away elsewhere.

import { act } from "./actions.js";
import { byId, scrollTo } from "./dom.js";
import { addCaseForm } from "./eval_case.js";
import { revealSource } from "./sources.js";

const SCORES = { sentence: [100, 80, 0], citation: [25, 20, 0] };
const STORED = "lc-evaluator";
const NAME = "lc-evaluator-name";

// Panels by answer. The conversation is written anew with every next answer; the panel then moves along as it is.
const panels = new Map();

const remembered = (key) => {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
};
const remember = (key, value) => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage it holds for as long as the page is open.
  }
};

let isOn = remembered(STORED) === "on";

const nameOf = ({ target, number }) => `${target}-${number}`;

// --- Where the scored things stand in the answer

function elementOf(panel, { target, number }) {
  if (target === "citation") return byId(`marker-${panel.exchange}-${number}`);
  const answer = panel.place()?.closest(".answer");
  return answer?.querySelector(number ? `[data-sentence="${number}"]` : ".message") ?? null;
}

const itemAt = (panel, element) => panel.items.findIndex((item) => elementOf(panel, item) === element);

// --- What the panel shows

function show(panel) {
  const item = panel.items[panel.current];
  const score = panel.marks[nameOf(item)];
  const find = (selector) => panel.node.querySelector(selector);
  find(".which").textContent = item.label;
  find(".words").textContent = item.words;
  find(".words").lang = item.language === "und" ? "" : item.language;
  find(".own-score").textContent = score ?? find(".scoring-said").dataset.noScore;
  for (const button of panel.node.querySelectorAll("[data-score]")) {
    const points = SCORES[item.target][button.dataset.score];
    button.querySelector(".points").textContent = points;
    button.setAttribute("aria-pressed", String(points === score));
  }
  find("[data-undo]").setAttribute("aria-disabled", String(!panel.before.length));
  panel.node.parentElement?.style.setProperty("--composer", `${byId("composer")?.offsetHeight ?? 0}px`);
  decorate(panel);
}

function decorate(panel) {
  for (const [place, item] of panel.items.entries()) {
    const element = elementOf(panel, item);
    const score = panel.marks[nameOf(item)];
    element?.classList.toggle("is-current", place === panel.current && panel.node.matches(":focus-within"));
    element?.classList.add("is-scorable");
    if (score === undefined) element?.removeAttribute("data-scored");
    else element?.setAttribute("data-scored", score);
  }
}

function undecorate(panel) {
  for (const item of panel.items) {
    const element = elementOf(panel, item);
    element?.classList.remove("is-current", "is-scorable");
    element?.removeAttribute("data-scored");
  }
}

function go(panel, place) {
  panel.current = Math.min(Math.max(place, 0), panel.items.length - 1);
  show(panel);
  const item = panel.items[panel.current];
  const element = elementOf(panel, item);
  if (element) scrollTo(element, "nearest");
  if (item.target === "citation") revealSource(`source-${panel.exchange}-${item.number}`);
}

// --- What is kept

function say(panel, { said, problem, total }) {
  const line = panel.node.querySelector(".scoring-said");
  line.textContent = problem ?? said ?? "";
  line.classList.toggle("failed", Boolean(problem));
  if (total) panel.node.querySelector(".scoring-total").textContent = total;
}

async function save(panel) {
  const { exchange, marks, forEvals, node } = panel;
  say(
    panel,
    await act("assess", {
      exchange,
      marks: { ...marks },
      for_evals: forEvals,
      expected: node.querySelector("[name^=expected]:checked")?.value ?? "",
      right_answer: node.querySelector("[data-right]").value,
      evaluator: node.querySelector("[data-name]").value,
    }),
  );
}

function score(panel, place) {
  const item = panel.items[panel.current];
  const points = SCORES[item.target][place];
  if (panel.marks[nameOf(item)] === points) return;
  panel.before.push({ marks: { ...panel.marks }, current: panel.current });
  panel.marks[nameOf(item)] = points;
  show(panel);
  save(panel);
}

function undo(panel) {
  const before = panel.before.pop();
  if (!before) return;
  panel.marks = before.marks;
  go(panel, before.current);
  save(panel);
}

function toggleKeys(panel) {
  const list = panel.node.querySelector(".keys");
  list.hidden = !list.hidden;
  panel.node.querySelector("[data-keys]").setAttribute("aria-expanded", String(!list.hidden));
}

const KEYS = {
  j: (panel) => go(panel, panel.current + 1),
  k: (panel) => go(panel, panel.current - 1),
  1: (panel) => score(panel, 0),
  2: (panel) => score(panel, 1),
  3: (panel) => score(panel, 2),
  u: undo,
  "?": toggleKeys,
};
KEYS.ArrowDown = KEYS.ArrowRight = KEYS.j;
KEYS.ArrowUp = KEYS.ArrowLeft = KEYS.k;

const panelAround = (element) => panels.get(element?.closest?.(".scoring-place")?.dataset.key);

document.addEventListener("keydown", (event) => {
  const panel = panelAround(event.target);
  if (!panel || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") panel.node.focus({ preventScroll: true });
    return;
  }
  const handler = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!handler) return;
  event.preventDefault();
  handler(panel);
});

document.addEventListener("click", (event) => {
  const { target } = event;
  if (target.closest?.("[data-evaluator]")) {
    isOn = !isOn;
    remember(STORED, isOn ? "on" : "off");
    refreshEvaluator();
    return;
  }
  const button = target.closest?.(".scoring button");
  const panel = panelAround(target);
  if (!panel || !button) {
    chooseInPlace(target);
    return;
  }
  const { score: place, step } = button.dataset;
  if (place) score(panel, Number(place));
  else if (step) go(panel, panel.current + Number(step));
  else if ("undo" in button.dataset) undo(panel);
  else if ("keys" in button.dataset) toggleKeys(panel);
  else if ("propose" in button.dataset) propose(panel, button);
  else if ("add" in button.dataset) addCaseForm(panel, say);
});

function propose(panel, button) {
  panel.forEvals = !panel.forEvals;
  button.setAttribute("aria-pressed", String(panel.forEvals));
  save(panel);
}

// A click on a sentence chooses it; one on a citation opens its source as well, and leaves the focus there.
function chooseInPlace(target) {
  const element = isOn && target.closest?.(".is-scorable");
  const panel = element && panels.get(element.closest(".answer").querySelector(".scoring-place")?.dataset.key);
  if (!panel || getSelection().toString()) return;
  panel.current = itemAt(panel, element);
  if (!element.matches("a")) panel.node.focus({ preventScroll: true });
  show(panel);
}

document.addEventListener("change", (event) => {
  const panel = panelAround(event.target);
  if (!panel || event.target.closest(".case-form")) return;
  if (event.target.matches("[data-name]")) remember(NAME, event.target.value);
  save(panel);
});

for (const kind of ["focusin", "focusout"]) {
  document.addEventListener(kind, (event) => {
    const panel = panelAround(event.target);
    // After the event, so that :focus-within is what it has become.
    if (panel) setTimeout(() => decorate(panel));
  });
}

// --- Panels come and go

async function open(place) {
  const { exchange, key } = place.dataset;
  const language = document.documentElement.lang;
  const earlier = panels.get(key);
  const panel = {
    exchange,
    key,
    language,
    items: [],
    current: earlier?.current ?? 0,
    before: earlier?.before ?? [],
    marks: {},
    forEvals: false,
    node: document.createElement("div"),
    place: () => document.querySelector(`.scoring-place[data-key="${key}"]`),
  };
  panels.set(key, panel);
  const reply = await act("scoring", { exchange });
  if (panels.get(key) !== panel) return;
  if (reply.problem) {
    panel.node.className = "scoring-problem";
    panel.node.textContent = reply.problem;
  } else {
    const template = document.createElement("template");
    template.innerHTML = reply.html;
    panel.node = template.content.firstElementChild;
    Object.assign(panel, { items: reply.items, marks: reply.marks, forEvals: reply.for_evals });
    const name = panel.node.querySelector("[data-name]");
    name.value ||= remembered(NAME);
    panel.node.querySelector("[data-propose]")?.setAttribute("aria-pressed", String(panel.forEvals));
    panel.node.querySelector(".scoring-total").textContent = reply.total;
  }
  panel.place()?.replaceChildren(panel.node);
  if (panel.items.length) show(panel);
}

export function refreshEvaluator() {
  const control = document.querySelector("[data-evaluator]");
  const active = isOn && Boolean(control);
  if (control && control.getAttribute("aria-pressed") !== String(active)) {
    control.setAttribute("aria-pressed", String(active));
  }
  for (const place of document.querySelectorAll(".scoring-place")) {
    const panel = panels.get(place.dataset.key);
    if (!active) {
      if (panel && place.firstChild) {
        place.replaceChildren();
        undecorate(panel);
      }
    } else if (!panel || panel.language !== document.documentElement.lang) {
      open(place);
    } else if (!place.firstChild && panel.node.className) {
      place.replaceChildren(panel.node);
      if (panel.items.length) show(panel);
    }
  }
}
