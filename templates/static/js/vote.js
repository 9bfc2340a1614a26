// "I ask this too" in one click: the page that knows whether one has voted is fetched, its form sent, and what is one's own put in place.
// Without a script the link leads to that page.

const MINE = "engage-asked-too"; // questions that this browser voted on: only there is the page asked again, what stands

const own = (text) => new DOMParser().parseFromString(text, "text/html");
const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey);

function remembered() {
  try {
    return new Set(JSON.parse(localStorage.getItem(MINE) ?? "[]"));
  } catch {
    return new Set();
  }
}

function remember(address, isMine) {
  const mine = remembered();
  if (isMine) mine.add(address);
  else mine.delete(address);
  try {
    localStorage.setItem(MINE, JSON.stringify([...mine].slice(-500)));
  } catch {
    // A browser that keeps nothing asks again when it is clicked.
  }
}

async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) throw new Error(String(answer.status));
  return own(await answer.text());
}

async function open(address) {
  const answer = await fetch(address, { headers: { accept: "text/html" } });
  if (!answer.ok) throw new Error(String(answer.status));
  return own(await answer.text());
}

// What is one's own, and the count as it is now, from that page into this one.
function put(page, place, address) {
  const mine = page.querySelector("[data-vote]");
  const fresh = page.querySelector("[data-count^='votes:']");
  place.replaceWith(mine);
  const count = fresh && document.querySelector(`[data-count="${fresh.dataset.count}"]`);
  if (count) count.textContent = fresh.textContent;
  const next = document.querySelector("[data-vote-next]");
  if (next) next.replaceWith(page.querySelector("[data-vote-next]"));
  remember(address, !mine.querySelector("[data-vote-give]"));
  return mine;
}

async function change(place, address, act) {
  place.setAttribute("aria-busy", "true");
  try {
    put(await act(), place, address).querySelector("button, a")?.focus();
  } catch {
    window.location = address; // whatever is the matter, that page says it
  }
}

// One who has voted already is only told so.
async function give(address) {
  const page = await open(address);
  const form = page.querySelector("[data-vote-give]");
  return form ? send(form) : page;
}

// A page that everybody shares does not know what is one's own; this browser does.
function tellOwn() {
  for (const way of document.querySelectorAll("[data-vote-way]")) {
    if (!remembered().has(way.href)) continue;
    open(way.href)
      .then((page) => put(page, way.closest("[data-vote]"), way.href))
      .catch(() => {}); // the link stays
  }
}

export function voting() {
  document.addEventListener("click", (event) => {
    const way = event.target.closest?.("[data-vote-way]");
    if (!way || !isPlain(event)) return;
    event.preventDefault();
    const place = way.closest("[data-vote]");
    if (!place.hasAttribute("aria-busy")) change(place, way.href, () => give(way.href));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("[data-vote-form]");
    if (!form || document.querySelector("[data-vote-page]")) return; // there the whole page says it
    event.preventDefault();
    const place = form.closest("[data-vote]");
    if (!place.hasAttribute("aria-busy")) change(place, form.action, () => send(form));
  });
  tellOwn();
  document.addEventListener("engage:placed", tellOwn);
}
