// What a screen reader is told while it reads: one sentence at most every ten seconds, and nothing while its reader wants quiet.

const EVERY = 10_000;
const QUIET = "engage.quiet";

// Storage may be forbidden; then a page forgets, and is still a page.
function isQuiet(value) {
  try {
    if (value !== undefined) window.localStorage.setItem(QUIET, value ? "yes" : "no");
    return window.localStorage.getItem(QUIET) === "yes";
  } catch {
    return value ?? false;
  }
}

// `say(kind, words)`: of a kind the newest sentence is said, and the kinds in the order in which they came.
export function voice(region, button) {
  const waiting = new Map();
  let quiet = isQuiet();
  let timer = 0;
  let last = -EVERY;

  function speak() {
    timer = 0;
    const [kind, words] = waiting.entries().next().value ?? [];
    if (!words || quiet) return void waiting.clear();
    waiting.delete(kind);
    region.textContent = words;
    last = Date.now();
    plan();
  }

  function plan() {
    if (!timer && waiting.size) timer = setTimeout(speak, Math.max(0, last + EVERY - Date.now()));
  }

  function tell() {
    button.textContent = quiet ? button.dataset.on : button.dataset.off;
  }

  button?.addEventListener("click", () => {
    quiet = isQuiet(!quiet);
    tell();
  });
  if (button) {
    button.hidden = false;
    tell();
  }
  return (kind, words) => {
    if (!region || quiet) return;
    waiting.set(kind, words);
    plan();
  };
}
