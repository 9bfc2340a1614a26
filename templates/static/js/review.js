// The moderator's desk: words selected in a text become places to cover; the tray keeps up with colleagues without moving.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// --- covering: places are counted in code points of the text as it is stored ---

function lengthTo(root, node, offset) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ALL);
  let length = 0;
  for (let one = walker.currentNode; one; one = walker.nextNode()) {
    const passed = one === node && one.nodeType !== Node.TEXT_NODE ? one.childNodes[offset] : null;
    if (one === node && one.nodeType === Node.TEXT_NODE) return length + [...one.data.slice(0, offset)].length;
    if (passed) return lengthTo(root, ...first(passed));
    if (one.nodeName === "BR") length += 1;
    if (one.nodeType === Node.TEXT_NODE && !one.parentElement.closest("sup")) length += [...one.data].length;
  }
  return length;
}

function first(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const text = node.nodeType === Node.TEXT_NODE ? node : walker.nextNode();
  return text ? [text, 0] : [node.parentNode ?? node, 0];
}

function chosen() {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const start = range.startContainer.parentElement?.closest("[data-coverable]") ?? null;
  const end = range.endContainer.parentElement?.closest("[data-coverable]") ?? null;
  if (!start || start !== end) return null;
  const from = lengthTo(start, range.startContainer, range.startOffset);
  const to = lengthTo(start, range.endContainer, range.endOffset);
  return from < to ? { place: `${start.dataset.coverable}:${from}:${to}`, words: selection.toString().trim() } : null;
}

function add(list, { place, words }) {
  if (all("input", list).some((box) => box.value === place)) return;
  const row = list.querySelector("template").content.cloneNode(true);
  const box = row.querySelector("input");
  box.value = place;
  row.querySelector("span").textContent = words;
  list.append(row);
}

function covering() {
  const button = document.querySelector("[data-cover]");
  const list = document.querySelector("[data-cover-list]");
  if (!button || !list) return;
  button.hidden = false;
  let last = null;
  document.addEventListener("selectionchange", () => {
    last = chosen() ?? last;
    button.disabled = !last;
  });
  button.addEventListener("click", () => {
    if (!last) return;
    list.closest("details")?.setAttribute("open", "");
    add(list, last);
    last = null;
    button.disabled = true;
  });
}

// --- the tray: rows are dimmed or added where they stand; nothing that is read or pressed moves ---

const EVERY = 25_000;
const NEW = 20_000; // as long as a row is marked that came while the page was open

async function fetched(form) {
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected === false) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function refresh(tray, fresh) {
  const coming = new Map(all("[data-case]", fresh).map((row) => [row.dataset.case, row]));
  for (const row of all("[data-case]", tray)) {
    const now = coming.get(row.dataset.case);
    coming.delete(row.dataset.case);
    row.classList.toggle("gone", !now);
    row.classList.toggle("taken", !now || now.classList.contains("taken"));
    const box = row.querySelector("input[type=checkbox]");
    if (box && !now) box.disabled = !(box.checked = false);
    if (now) row.querySelector(".meta").replaceChildren(...now.querySelector(".meta").childNodes);
    if (now && box) box.value = now.querySelector("input[type=checkbox]")?.value ?? box.value;
  }
  if (coming.size) tray.querySelector(".empty")?.remove();
  for (const row of coming.values()) {
    row.classList.add("new");
    setTimeout(() => row.classList.remove("new"), NEW);
    tray.append(row);
  }
  for (const name of ["data-total", "data-others", "data-chips"]) {
    const now = fresh.querySelector(`[${name}]`);
    for (const old of all(`[${name}]`)) {
      const isSame = !now || old.textContent === now.textContent || old.contains(document.activeElement);
      if (!isSame) old.replaceChildren(...now.cloneNode(true).childNodes);
    }
  }
}

function following() {
  const form = document.querySelector("form[data-here]");
  const tray = document.querySelector("[data-tray]");
  if (!form || !tray) return;
  let busy = false;
  let again = false;
  const tell = async () => {
    if (document.hidden) return;
    if (busy) return void (again = true);
    busy = true;
    const fresh = await fetched(form);
    if (fresh?.querySelector("[data-tray]")) refresh(tray, fresh.querySelector("[data-waiting]"));
    busy = false;
    if (again) {
      again = false;
      setTimeout(tell, 500);
    }
  };
  tell();
  setInterval(tell, EVERY);
  document.addEventListener("engage:news", tell);
}

// --- the decision that can be taken back leaves the page when it no longer can ---

function undoing() {
  for (const bar of all("[data-undo-for]")) {
    setTimeout(() => { bar.hidden = true; }, Number(bar.dataset.undoFor) * 1000);
  }
}

// --- a link from another page may lead to what is folded ---

function unfolding() {
  const wanted = document.getElementById(location.hash.slice(1));
  if (!wanted?.matches("main details")) return;
  wanted.setAttribute("open", "");
  wanted.querySelector("summary").focus();
}

// --- many at once: how many are chosen ---

function counting() {
  const words = document.querySelector("[data-chosen]");
  if (!words) return;
  const tell = () => { words.textContent = String(all("[data-tray] input:checked").length); };
  document.addEventListener("change", tell);
  tell();
}

covering();
following();
undoing();
unfolding();
counting();
