// Follow an ingest or a check that is running; without this script the page refreshes itself.

const work = document.getElementById("work");
const isRunning = () => work?.querySelector("[data-running]");
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function follow() {
  while (isRunning()) {
    await pause(800);
    // Without a connection the next try may succeed: the server may be starting again.
    const answer = await fetch(work.dataset.progress).catch(() => null);
    if (!answer) continue;
    // A finished run changes the whole page; a session that has ended leads to the page for signing in.
    if (!answer.ok || answer.redirected) return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-running]")) return location.reload();
    work.replaceChildren(...page.body.childNodes);
  }
}

follow();
