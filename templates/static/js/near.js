// "Already asked?": what resembles the title, asked for when the writer pauses. One sentence is read aloud, the focus stays,
// and whatever is being typed further down does not move.

const PAUSE = 500;
const LEAST = 12;

// Suggestions may open above the box somebody has gone on to.
function withoutAJump(change) {
  const at = document.activeElement;
  const before = at?.getBoundingClientRect().top ?? 0;
  change();
  const moved = (at?.getBoundingClientRect().top ?? 0) - before;
  if (at !== document.body && moved) window.scrollBy({ top: moved, behavior: "instant" });
}

function show(place, html) {
  const found = place.querySelector("[data-near-found]");
  const told = document.querySelector("[data-near-told]");
  withoutAJump(() => {
    found.innerHTML = html; // our own page's fragment, escaped by the server
    place.hidden = !found.firstElementChild;
  });
  const words = found.querySelector("[data-near-words]")?.textContent ?? "";
  if (told && told.textContent !== words) told.textContent = words;
}

function watch(place) {
  const box = document.getElementById(place.dataset.nearOf);
  let pending = 0;
  let asked = box.value.trim();
  const ask = async () => {
    const typed = box.value.trim();
    if (typed === asked) return;
    asked = typed;
    if (typed.length < LEAST) return void show(place, "");
    const answer = await fetch(`${place.dataset.near}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || typed !== box.value.trim()) return;
    const html = await answer.text();
    // Somebody who is among the suggestions keeps the ones they are reading.
    if (!place.contains(document.activeElement)) show(place, html);
  };
  box.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(ask, PAUSE);
  });
}

export function suggest() {
  for (const place of document.querySelectorAll("[data-near]")) watch(place);
}
