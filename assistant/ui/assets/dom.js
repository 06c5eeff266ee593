// What the other scripts share: finding, moving and setting.

export const byId = (id) => document.getElementById(id);

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export const scrollTo = (element, block) =>
  element.scrollIntoView({ block, behavior: calm() ? "auto" : "smooth" });

// Words for what Gradio offers no place for; the header renders them in the language of the page.
export const words = () => byId("introduction")?.dataset ?? {};

export function setAttributes(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element && value && element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}

export function setText(element, text) {
  if (element && text && element.textContent.trim() !== text) element.textContent = text;
}

export const focusQuestion = () => byId("question")?.querySelector("textarea")?.focus();
