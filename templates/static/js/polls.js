// A poll in the room: chosen and sent without leaving it. The page that knows what is one's own is fetched, its form sent, and what
// it says is said here. Without a script a link leads to that page.

const MARKED = "engage-polls"; // what this browser chose: a room that everybody shares does not know it
const KEPT = 50;
const chosen = new Map(); // ticked and not sent yet, by poll
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const read = (text) => new DOMParser().parseFromString(text, "text/html");

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(MARKED) ?? "{}");
  } catch {
    return {};
  }
}

function remember(poll, choices) {
  try {
    const kept = Object.entries({ ...remembered(), [poll]: choices }).slice(-KEPT);
    localStorage.setItem(MARKED, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // a browser that keeps nothing shows the poll as if nothing had been chosen
  }
}

const ticked = (form) => all("input:checked", form).map((box) => box.value);

function say(poll, words) {
  poll.querySelector("[data-poll-said]").textContent = words;
}

// Also of what comes later, while somebody is choosing in another one.
function arrange() {
  for (const poll of all("[data-poll]")) {
    const form = poll.querySelector("[data-poll-form]");
    if (!form.hidden) continue;
    poll.querySelector("[data-poll-way]").hidden = true;
    form.hidden = false;
    const mine = remembered()[poll.dataset.poll];
    const now = chosen.get(poll.dataset.poll) ?? mine ?? [];
    for (const box of all("input", form)) box.checked = now.includes(box.value);
    if (mine && !chosen.has(poll.dataset.poll) && ticked(form).length) say(poll, poll.dataset.done);
  }
}

async function sent(address, choices) {
  const page = read(await (await fetch(address, { headers: { accept: "text/html" } })).text());
  const form = page.querySelector("[data-poll-mark]");
  if (!form) return page; // closed meanwhile
  for (const box of all("[name=choice]", form)) box.checked = choices.includes(box.value);
  const body = new URLSearchParams(new FormData(form));
  return read(await (await fetch(form.getAttribute("action"), { method: "POST", body })).text());
}

async function send(poll, form) {
  const choices = ticked(form);
  if (!choices.length) return say(poll, poll.dataset.none);
  poll.setAttribute("aria-busy", "true");
  try {
    const page = await sent(form.action, choices);
    const refusal = page.querySelector("[data-errors] h2");
    const is = page.querySelector("[data-poll-marked]");
    if (!is && !refusal) return void (location.href = form.action); // whatever is the matter, that page says it
    say(poll, (is ?? refusal).textContent.trim());
    if (!is) return;
    chosen.delete(poll.dataset.poll);
    remember(poll.dataset.poll, choices);
  } catch {
    say(poll, poll.dataset.lost);
  } finally {
    poll.removeAttribute("aria-busy");
  }
}

document.addEventListener("change", (event) => {
  const form = event.target.closest?.("[data-poll-form]");
  if (!form) return;
  const poll = form.closest("[data-poll]");
  chosen.set(poll.dataset.poll, ticked(form));
  say(poll, "");
});
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("[data-poll-form]");
  if (!form) return;
  event.preventDefault();
  const poll = form.closest("[data-poll]");
  if (!poll.hasAttribute("aria-busy")) send(poll, form);
});
document.addEventListener("engage:placed", arrange);
arrange();
