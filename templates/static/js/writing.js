// The editor of an answer: saves itself, inserts passages and sources, finds documents. Without it every field still works.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const EVERY = 20_000;

// --- autosave: the same door as the button, over the version that was seen; what somebody else saved is shown, not overwritten ---

function saysItself(form) {
  const status = form.querySelector("[data-autosaved]");
  const version = form.elements.version;
  const fields = () => new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
  const written = () => fields().toString();
  const withoutProof = (text) => text.replace(/(^|&)(csrf|key|version)=[^&]*/g, "");
  let saved = withoutProof(written());
  let busy = false;
  let stopped = false;
  const isChanged = () => withoutProof(written()) !== saved;

  async function save() {
    if (busy || stopped || form.dataset.sent || !isChanged()) return;
    busy = true;
    const sent = withoutProof(written());
    const body = fields();
    body.set("act", "autosave");
    try {
      const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
      const told = await answer.json();
      if (answer.ok) {
        version.value = told.version;
        saved = sent;
        document.dispatchEvent(new Event("engage:saved"));
        status.textContent = form.dataset.saved.replace("{at}", told.at);
      } else {
        stopped = answer.status === 409;
        status.textContent = told.words;
        if (told.theirs) show(told.theirs);
      }
    } catch {
      status.textContent = form.dataset.unsaved;
    }
    busy = false;
  }

  // Once theirs has been read, saving goes on over their version: the writer has it before their eyes.
  function show(theirs) {
    const place = document.querySelector("[data-theirs]");
    place.innerHTML = theirs; // our own page's fragment, escaped by the server
    version.value = place.querySelector("[data-version]").dataset.version;
    place.scrollIntoView({ block: "nearest" });
  }

  setInterval(save, Number(form.dataset.autosave) || EVERY);
  window.addEventListener("online", save);
  window.addEventListener("beforeunload", (event) => {
    if (!form.dataset.sent && isChanged()) event.preventDefault();
  });
}

// --- who else has this draft open: told to the house now and then, and shown when it changes ---

const HERE_EVERY = 15_000;

function besides(form) {
  const place = form.querySelector("[data-editing]");
  let shown = place.innerHTML.trim();
  setInterval(async () => {
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    const answer = await fetch(place.dataset.editing, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (!answer?.ok) return;
    const fresh = (await answer.text()).trim();
    if (fresh !== shown) place.innerHTML = shown = fresh; // our own page's fragment, escaped by the server
  }, Number(form.dataset.here) || HERE_EVERY);
}

// --- inserting: a passage at the cursor, sources into the first free rows ---

function insert(box, text) {
  box.focus();
  const before = box.value.slice(0, box.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n\n" : "";
  box.setRangeText(gap + text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

const rowsOf = (form) => all(".cite-rows > li", form);
const partOf = (row, name) => row.querySelector(`[name=cite_${name}]`);
const PARTS = ["number", "title", "article", "link"];

// An empty row, made anew when all are used.
function freeRow(form) {
  const rows = rowsOf(form);
  const free = rows.find((row) => PARTS.every((name) => !partOf(row, name).value));
  if (free) return free;
  const last = rows.at(-1);
  const row = last.cloneNode(true);
  all("input", row).forEach((box) => {
    box.value = "";
    box.id = `${box.name}-${rows.length + 1}`;
    box.removeAttribute("aria-controls");
    box.closest("label").htmlFor = box.id;
  });
  all("[role=listbox]", row).forEach((list) => list.remove());
  last.after(row);
  offer(form, row);
  return row;
}

function useCitations(form, cites) {
  const has = new Set(rowsOf(form).map((row) => partOf(row, "number").value + partOf(row, "article").value));
  for (const cite of cites) {
    if (has.has(cite.number + cite.article)) continue;
    const row = freeRow(form);
    for (const name of PARTS) partOf(row, name).value = cite[name];
    partOf(row, "number").dispatchEvent(new Event("change", { bubbles: true }));
  }
  rowsOf(form)[0].scrollIntoView({ block: "nearest" });
}

function inserting(form) {
  for (const button of all("[data-insert][data-into]")) {
    button.hidden = false;
    const text = () => document.getElementById(button.dataset.insert).textContent.trim();
    button.addEventListener("click", () => insert(document.getElementById(button.dataset.into), text()));
  }
  for (const button of all("[data-use-cites]")) {
    button.hidden = false;
    const cited = ({ dataset: d }) => ({ number: d.citeNumber, title: d.citeTitle, article: d.citeArticle, link: d.citeLink });
    button.addEventListener("click", () => useCitations(form, all("[data-cite-number]", button.closest("li")).map(cited)));
  }
}

// --- documents: a combobox on each number; arrows choose, Enter takes, Escape leaves ---

let lists = 0;

function offer(form, row) {
  const box = partOf(row, "number");
  const { documents: address, ended } = form.querySelector("[data-documents]").dataset;
  const list = document.createElement("ul");
  list.id = `documents-${(lists += 1)}`;
  list.className = "offers";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.closest("label").textContent.trim());
  list.hidden = true;
  row.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id], ["aria-autocomplete", "list"]]) box.setAttribute(name, value);
  let found = [];
  let at = -1;
  let pending = 0;

  function close() {
    list.hidden = true;
    at = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  }

  function take(one) {
    box.value = one.number;
    partOf(row, "title").value = one.title;
    partOf(row, "link").value = one.link;
    close();
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function mark(next) {
    at = (next + found.length) % found.length;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
    box.setAttribute("aria-activedescendant", list.children[at].id);
    list.children[at].scrollIntoView({ block: "nearest" });
  }

  function show() {
    list.replaceChildren(...found.map((one, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.classList.toggle("old", one.ended);
      const number = document.createElement("b");
      number.textContent = one.number;
      option.append(number, ` ${one.title}${one.ended ? ` (${ended})` : ""}`);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(one);
      });
      return option;
    }));
    list.hidden = !found.length;
    at = -1;
    box.setAttribute("aria-expanded", String(!list.hidden));
  }

  async function ask() {
    const typed = box.value.trim();
    if (typed.length < 2) return close();
    const answer = await fetch(`${address}?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer?.ok || typed !== box.value.trim() || document.activeElement !== box) return;
    found = (await answer.json()).filter((one) => one.number !== typed);
    show();
  }

  box.addEventListener("input", () => {
    clearTimeout(pending);
    pending = setTimeout(ask, 200);
  });
  box.addEventListener("blur", close);
  box.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(at + 1);
    else if (event.key === "ArrowUp") mark(at < 0 ? -1 : at - 1);
    else if (event.key === "Enter" && at >= 0) take(found[at]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}

for (const form of all("form[data-autosave]")) {
  saysItself(form);
  if (form.querySelector("[data-editing]")) besides(form);
  inserting(form);
  if (form.querySelector("[data-documents]")) rowsOf(form).forEach((row) => offer(form, row));
}
