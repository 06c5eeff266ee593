// The picture of a cited page: fetched when its source is opened, and shown large on request.
// The words stand in the data of the figure; the answer's headers say how much of the quote is marked.

const RETRIES = 3;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

async function fetched(address, tries = RETRIES) {
  const response = await fetch(address);
  if (response.status !== 503 || !tries) return response;
  await pause(Number(response.headers.get("Retry-After")) || 3);
  return fetched(address, tries - 1);
}

function asDataAddress(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function wordsFor(figure, kind, marked) {
  return figure.dataset[kind + marked[0].toUpperCase() + marked.slice(1)];
}

export async function showPicture(figure) {
  if (figure.dataset.shown) return;
  figure.dataset.shown = "yes";
  const caption = figure.querySelector("figcaption");
  caption.textContent = figure.dataset.loading;
  try {
    const response = await fetched(figure.dataset.address);
    if (!response.ok) throw new Error(response.statusText);
    const marked = response.headers.get("Quote-Marked");
    const picture = element("img", { alt: wordsFor(figure, "alt", marked), src: await asDataAddress(await response.blob()) });
    await picture.decode();
    const hint = element("span", { className: "enlarge", textContent: figure.dataset.enlarge });
    const button = element("button", { type: "button" }, picture, hint);
    const top = Number(response.headers.get("Quote-Top"));
    button.addEventListener("click", () => enlarge(figure, picture, top));
    figure.prepend(button);
    caption.textContent = wordsFor(figure, "caption", marked);
  } catch {
    caption.textContent = figure.dataset.failed;
  }
}

// A dialog of the browser keeps the focus inside, closes with Escape, and gives the focus back.
function enlarge(figure, picture, top) {
  const { largeTitle, close } = figure.dataset;
  const title = element("h2", { id: "large-page-title", textContent: largeTitle });
  const button = element("button", { type: "button", textContent: close });
  // Keyboards can scroll only what has the focus.
  const sheet = element("div", { className: "sheet", tabIndex: 0 }, picture.cloneNode());
  sheet.setAttribute("role", "group");
  sheet.setAttribute("aria-labelledby", title.id);
  const dialog = element("dialog", { id: "large-page" }, element("header", {}, title, button), sheet);
  dialog.setAttribute("aria-labelledby", title.id);
  button.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  sheet.scrollTop = Math.max(0, top * sheet.scrollHeight - sheet.clientHeight / 3);
}
