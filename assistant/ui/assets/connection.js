// An answer that breaks off because the server went away: Gradio goes on showing that it is being written.

import { isBusy } from "./composer.js";
import { byId, words } from "./dom.js";

const PAUSE_MS = 2_000;
let lost = null;

async function openAnew() {
  try {
    const response = await fetch("gradio_api/app_id", { cache: "no-store" });
    // history.js and composer.js bring back the conversation, and the question that was cut off. Who has to
    // sign in again comes to that page.
    if (response.ok || response.status === 401) location.reload();
  } catch {
    // Not yet.
  }
}

// Gradio shows the same trouble for a question that was refused because the reader is no longer signed in.
export async function checkSignedIn() {
  const response = await fetch("gradio_api/app_id", { cache: "no-store" }).catch(() => null);
  if (response?.status === 401) location.reload();
}

export function watchConnection() {
  if (lost || !isBusy() || !document.querySelector("#current [data-testid='status-tracker'] .error")) return;
  lost = setInterval(openAnew, PAUSE_MS);
  const status = document.querySelector("#current .status");
  if (status) status.hidden = true;
  const notice = byId("kept-notice");
  if (!notice) return;
  notice.textContent = words().lost;
  notice.hidden = false;
}
