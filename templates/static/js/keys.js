// Single keys for desks. Every key is also a button that stands on the page:
//   data-key="d"        pressing d presses it (a field is focused instead)
//   data-keys-list      j and k move through its data-keys-item rows, o opens, x ticks
//   data-keys-help      a <dialog> that lists what the page's keys do, opened by ?
// Keys count only outside fields and without modifiers, and the reader can switch them off.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const KEYS_OFF = "engage.keys-off";

function keysOff(value) {
  try {
    if (value !== undefined) window.localStorage.setItem(KEYS_OFF, value ? "yes" : "no");
    return window.localStorage.getItem(KEYS_OFF) === "yes";
  } catch {
    return false;
  }
}

const TYPED = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
const typing = (target) => target.closest(TYPED) !== null;
const shown = (thing) => thing.getClientRects().length > 0;
const link = (item) => (item.matches("a") ? item : item.querySelector("a, summary"));

// --- the list: where the focus is, else where the page is, else the first ---

function items() {
  const list = document.querySelector("[data-keys-list]");
  return list ? all("[data-keys-item]", list).filter(shown) : [];
}

function here(rows) {
  const focused = rows.findIndex((row) => row.contains(document.activeElement));
  return focused >= 0 ? focused : rows.findIndex((row) => link(row)?.hasAttribute("aria-current"));
}

function move(step) {
  const rows = items();
  if (!rows.length) return;
  const at = here(rows);
  const to = at < 0 ? (step > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + step, 0), rows.length - 1);
  link(rows[to])?.focus();
  rows[to].scrollIntoView({ block: "nearest" });
}

function current() {
  const rows = items();
  return rows[here(rows)];
}

function tick() {
  const box = current()?.querySelector("input[type=checkbox]:not(:disabled)");
  if (!box) return;
  box.checked = !box.checked;
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

const MOVES = {
  j: () => move(1),
  k: () => move(-1),
  o: () => link(current() ?? document.createElement("i"))?.click(),
  x: tick,
};

// --- pressing ---

function pressable(key) {
  return all("[data-key]").find((one) => one.dataset.key === key && shown(one) && one.getAttribute("aria-disabled") !== "true");
}

function use(thing) {
  const around = thing.matches("summary") ? thing.parentElement.parentElement : thing; // a summary opens its own
  around.closest("details:not([open])")?.setAttribute("open", "");
  thing.focus();
  if (!thing.matches("input, select, textarea")) thing.click();
}

function press(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (typing(event.target) || keysOff() || document.querySelector("dialog[open]")) return;
  const key = event.key.toLowerCase();
  const wanted = pressable(key);
  const act = wanted ? () => use(wanted) : key === "?" ? help : items().length ? MOVES[key] : undefined;
  if (!act) return;
  event.preventDefault();
  act();
}

// --- help: what is on this page now, in its own words ---

function line(key, words) {
  const row = document.createElement("div");
  const name = document.createElement("dt");
  const kbd = document.createElement("kbd");
  const said = document.createElement("dd");
  kbd.textContent = key.toUpperCase();
  name.append(kbd);
  said.textContent = words;
  row.append(name, said);
  return row;
}

function wordsOf(thing) {
  const copy = thing.cloneNode(true);
  for (const part of all("kbd, svg", copy)) part.remove();
  return thing.dataset.keyWords || copy.textContent.trim() || thing.getAttribute("aria-label") || "";
}

function help() {
  const dialog = document.querySelector("[data-keys-help]");
  if (!dialog) return;
  const list = dialog.querySelector("[data-keys-pressed]");
  list.replaceChildren(...all("[data-key]").filter(shown).map((one) => line(one.dataset.key, wordsOf(one))));
  for (const part of all("[data-keys-moves]", dialog)) part.hidden = !items().length;
  dialog.showModal();
}

function begin() {
  document.addEventListener("keydown", press);
  for (const button of all("[data-keys-open]")) {
    button.hidden = false;
    button.addEventListener("click", help);
  }
  for (const toggle of all("[data-keys-off]")) {
    toggle.closest("[data-keys]")?.removeAttribute("hidden");
    toggle.checked = keysOff();
    toggle.addEventListener("change", () => keysOff(toggle.checked));
  }
}

begin();
