// Putting what is new in its place: the reader's place on the page, their focus and what they opened stay. Gives what is new.

import { element, placed } from "./pieces.js";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- pieces of a room ---

// `before` with their elements, `after` without those of what changed.
export function place(box, before, after) {
  const were = new Map(before.map((piece) => [piece.id, piece]));
  return still(box, () => {
    const fresh = [];
    const stay = after.map((piece) => {
      const old = were.get(piece.id);
      if (old?.html === piece.html) return old.element;
      const made = element(piece.html, old?.element);
      fresh.push(...(old ? carried(old.element, made) : [made]));
      return made;
    });
    for (const piece of before) if (!stay.includes(piece.element)) leave(piece, stay);
    let last = null;
    for (const one of stay) {
      if (last ? last.nextElementSibling !== one : !one.isConnected) last ? last.after(one) : box.prepend(one);
      last = one;
    }
    placed();
    return fresh;
  });
}

function leave(piece, stay) {
  const next = stay.find((one) => one.id === piece.id);
  if (!next) return void piece.element.remove();
  const focus = focusIn(piece.element);
  piece.element.replaceWith(next);
  focused(next, focus);
}

// What was unfolded stays so. Gives the parts that changed.
function carried(old, fresh) {
  for (const fold of all("details[open]", old)) {
    const words = fold.querySelector("summary")?.textContent;
    all("details", fresh).find((one) => one.querySelector("summary")?.textContent === words)?.setAttribute("open", "");
  }
  return changed(fresh, new Set(all("*", old).map(said)));
}

const WHOLES = ".piece, .piece > *, header, ol, ul";
const said = (part) => `${part.localName} ${part.textContent.replace(/\s+/g, " ").trim()}`;

function changed(part, known) {
  if (known.has(said(part))) return [];
  return part.matches(WHOLES) ? [...part.children].flatMap((one) => changed(one, known)) : [part];
}

// --- parts of a page ---

// The page as it is now; of one that a refused form gave, the page that the form stood on. False: it is not to be had.
export async function renewed() {
  const here = new URL(location.href);
  for (const path of [here.pathname, here.pathname.replace(/\/[^/]*$/, "")]) {
    here.pathname = path;
    const answer = await fetch(here, { headers: { accept: "text/html" } });
    if (answer.redirected) return false;
    if (answer.ok) return new DOMParser().parseFromString(await answer.text(), "text/html");
  }
  return false;
}

// Every marked part takes the words it has on that page; one in which is typed what would have no place there stays. Gives what is new.
export function swapped(page) {
  return all("[data-part]").flatMap((part) => {
    const now = page.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!now || now.innerHTML === part.innerHTML) return [];
    const kept = written(part).map((box) => [selector(box), box]);
    if (kept.some(([where]) => !now.querySelector(where))) return [];
    const known = new Set(all("[id]", part).map((one) => one.id));
    still(part, () => {
      const focus = focusIn(part);
      part.replaceChildren(...now.childNodes);
      for (const [where, box] of kept) fill(part.querySelector(where), box);
      focused(part, focus);
    });
    part.dispatchEvent(new CustomEvent("engage:renewed", { bubbles: true }));
    placed();
    return all("li[id], tr[id]", part).filter((row) => !known.has(row.id));
  });
}

// What the reader has typed, ticked or chosen in there.
function written(root) {
  const isTicked = (box) => box.matches("[type=checkbox], [type=radio]") && box.checked !== box.defaultChecked;
  const isTyped = (box) => box.matches("textarea, input:not([type=checkbox], [type=radio], [type=hidden])") && box.value !== box.defaultValue;
  const isChosen = (box) => box.matches("select") && box.value !== (box.querySelector("[selected]") ?? box.options[0])?.value;
  return all("textarea, select, input", root).filter((box) => box.name && (isTicked(box) || isTyped(box) || isChosen(box)));
}

function selector(box) {
  const form = box.form ? `form[action="${CSS.escape(box.form.getAttribute("action"))}"] ` : "";
  const value = box.matches("[type=checkbox], [type=radio]") ? `[value="${CSS.escape(box.value)}"]` : "";
  return `${form}[name="${CSS.escape(box.name)}"]${value}`;
}

function fill(box, from) {
  box.value = from.value;
  if (box.matches("[type=checkbox], [type=radio]")) box.checked = from.checked;
  box.dispatchEvent(new Event(box.localName === "textarea" ? "input" : "change", { bubbles: true }));
}

// --- keeping the place ---

// What stands at the top of the window, or of a pane that scrolls by itself, stays there, also where the browser does not see to it.
export function still(box, act) {
  const pane = scroller(box);
  const top = (one) => one.getBoundingClientRect().top;
  const lines = () => all("h1, h2, h3, p, li, tr", box);
  const anchor = lines().find((one) => top(one) >= 0 && one.getClientRects().length);
  const before = anchor && top(anchor);
  pane.style.overflowAnchor = "none";
  const result = act();
  const isIt = (one) => one.localName === anchor.localName && one.textContent === anchor.textContent;
  const now = anchor && (anchor.isConnected ? anchor : lines().find(isIt));
  if (now) pane.scrollBy({ top: top(now) - before, behavior: "instant" });
  requestAnimationFrame(() => (pane.style.overflowAnchor = ""));
  return result;
}

function scroller(box) {
  const isPane = (one) => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight;
  for (let one = box; one && one !== document.body; one = one.parentElement) if (isPane(one)) return one;
  return document.scrollingElement;
}

// Where the focus is in there: told by id, else by what it is and which of its kind.
function focusIn(root) {
  const active = document.activeElement;
  if (!root.contains(active) || active === root) return null;
  const selector = active.id ? `[id="${CSS.escape(active.id)}"]` : active.getAttribute("href") ? `[href="${CSS.escape(active.getAttribute("href"))}"]` : active.localName;
  return { selector, nth: all(selector, root).indexOf(active) };
}

function focused(root, focus) {
  if (!focus) return;
  const found = all(focus.selector, root);
  (found[focus.nth] ?? found[0])?.focus({ preventScroll: true });
}
