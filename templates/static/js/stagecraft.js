// The desks of a dialogue and the hall's screen keep up by themselves: on news the page is asked anew, and its parts take the place
// of the old ones, except where somebody has the focus or has typed. What a scribe types is kept in this browser too.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const SOON = 150; // facts come in swarms
const STEADY = 20_000; // who is here, and what a lost line did not tell
const AGAIN = 2_000;

const typed = (box) => (box.type === "checkbox" ? box.checked !== box.defaultChecked : box.localName === "select" ? false : box.value !== box.defaultValue);
const isBusy = (part) => {
  const at = document.activeElement;
  return (part.contains(at) && at.matches("input, select, textarea")) || all("input:not([type=hidden]), textarea", part).some(typed);
};

// What is the same apart from the proofs in its forms stays as it is.
const bare = (part) => part.outerHTML.replace(/(name="(?:csrf|key)" value=")[^"]*/g, "$1");
let shown = new Map(all("[data-part]").map((part) => [part.dataset.part, bare(part)]));

function put(fresh) {
  for (const part of all("[data-part]")) {
    const now = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!now || shown.get(part.dataset.part) === bare(now) || isBusy(part)) continue;
    shown.set(part.dataset.part, bare(now));
    const focused = part.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    for (const open of all("details[open][id]", part)) now.querySelector(`#${open.id}`)?.setAttribute("open", "");
    part.replaceWith(now);
    if (focused) all("[data-key]", now).find((one) => one.dataset.key === focused)?.focus();
  }
  tick();
}

// After a form that was refused the address is the form's; the desk's own stands in its tabs.
const desk = document.querySelector(".stagecraft-head [aria-current=page]")?.href;
const address = desk && location.href.split("?")[0] !== desk ? desk : location.href;

let busy = false;
let again = false;
let pending = 0;

function lost(is) {
  for (const line of all("[data-lost]")) line.hidden = !is;
}

async function renew() {
  if (busy) return void (again = true);
  busy = true;
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  if (answer?.ok && !answer.redirected) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
  lost(!answer?.ok);
  busy = false;
  if (again || !answer) {
    again = false;
    setTimeout(renew, answer ? SOON : AGAIN);
  }
}

function soon() {
  clearTimeout(pending);
  pending = setTimeout(renew, SOON);
}

// --- the timer: what is left, or by how much it is over ---

function tick() {
  for (const place of all("[data-timer]")) {
    const left = Math.round((new Date(place.dataset.timer) - Date.now()) / 1000);
    const size = Math.abs(left);
    place.textContent = `${left < 0 ? "−" : ""}${Math.floor(size / 60)}:${String(size % 60).padStart(2, "0")}`;
    place.classList.toggle("late", left < 0);
  }
}

// --- what was typed and never reached the house, offered when the reply is opened again ---

function keep(form) {
  const key = `engage.reply.${form.elements.reply.value}`;
  const box = form.elements.text;
  const offer = form.querySelector("[data-unsent]");
  const store = (act) => {
    try {
      return act(window.sessionStorage); // of this tab: the next one at this machine does not read it
    } catch {
      return null; // storage may be forbidden
    }
  };
  const before = store((s) => s.getItem(key));
  if (before !== null && before.trim() && before !== box.value) {
    offer.hidden = false;
    offer.querySelector("[data-unsent-words]").textContent = before;
    offer.querySelector("button").addEventListener("click", () => {
      box.value = before;
      offer.hidden = true;
      box.focus();
      box.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  if (before === box.value) store((s) => s.removeItem(key));
  box.addEventListener("input", () => store((s) => s.setItem(key, box.value)));
  form.addEventListener("submit", () => store((s) => s.removeItem(key))); // what is refused comes back on the page
  document.addEventListener("engage:saved", () => store((s) => s.removeItem(key)));
}

for (const form of all("form[data-autosave]")) keep(form);
document.addEventListener("engage:news", soon);
window.addEventListener("online", soon);
setInterval(renew, STEADY);
setInterval(tick, 1000);
tick();
