// Small comforts on top of pages that work without any script. Every word shown comes from the page;
// what this file changes can be undone by turning it off.

import { following } from "./follow.js";
import { suggest } from "./near.js";
import { voting } from "./vote.js";

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const language = document.documentElement.lang || "vi";

// --- times: "3 giờ trước" for what is less than a week old; the exact moment stays in the title ---

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60]];

function relative(seconds) {
  const words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, size] of STEPS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  return words.format(0, "minute");
}

const paper = matchMedia("print"); // where nobody knows what "today" was

function tellTimes() {
  for (const time of all("time[data-relative]")) {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    const exact = (time.dataset.exact ??= time.textContent);
    const recent = !paper.matches && Math.abs(seconds) < 7 * 86400;
    time.title = recent ? exact : "";
    time.textContent = recent ? relative(seconds) : exact;
  }
}

// --- counters under long fields: code points, as the server counts them ---

function countCharacters() {
  for (const counter of all("[data-counter]")) {
    const box = document.getElementById(counter.dataset.counter);
    const number = new Intl.NumberFormat(language);
    const tell = () => {
      const written = [...box.value.normalize("NFC")].length;
      counter.textContent = counter.dataset.words.replace("{n}", number.format(written));
      counter.classList.toggle("over", written > Number(counter.dataset.most));
    };
    box.addEventListener("input", tell);
    if (box.value) tell();
  }
}

// --- drafts: in this tab only, a day at most, gone once the server has said yes ---

const DAY = 86400 * 1000;
const draftKey = (name) => `engage.draft.${name}`;
const SHARED = "engage.shared";

// Storage may be forbidden, and what it holds may be broken; a page without drafts is still a page.
function store(act) {
  try {
    return act(window.sessionStorage);
  } catch {
    return null;
  }
}

// Names and contacts are left out: a draft is for the text, which is the part that is hard to write again.
const KEPT = "textarea[name], select[name], input[name][type=text]";
const LEFT_OUT = ["website", "name", "code"];
const keptFields = (form) => all(KEPT, form).filter((box) => !LEFT_OUT.includes(box.name) && !box.name.startsWith("cite_")); // rows share their names

function restore(form, key) {
  const draft = store((s) => JSON.parse(s.getItem(key)));
  if (!draft) return;
  if (Date.now() - draft.at > DAY) return void store((s) => s.removeItem(key));
  const texts = keptFields(form).filter((box) => box.localName !== "select");
  if (texts.some((box) => box.value)) return; // the server's answer holds newer words
  for (const box of keptFields(form)) {
    if (draft.values[box.name]) box.value = draft.values[box.name];
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function keepDraft(form) {
  const key = draftKey(form.dataset.draft);
  const shared = form.querySelector("[data-shared]");
  const wipe = () => store((s) => s.removeItem(key));
  const save = () => {
    if (shared?.checked) return;
    const values = Object.fromEntries(keptFields(form).map((box) => [box.name, box.value]));
    store((s) => s.setItem(key, JSON.stringify({ at: Date.now(), values })));
  };
  if (shared) {
    shared.checked = store((s) => s.getItem(SHARED)) === "yes";
    shared.addEventListener("change", () => {
      store((s) => s.setItem(SHARED, shared.checked ? "yes" : "no"));
      if (shared.checked) wipe();
      else save();
    });
  }
  for (const words of all("[data-draft-words]", form)) words.hidden = false;
  if (shared?.checked) wipe();
  else restore(form, key);
  let pending = 0;
  form.addEventListener("input", (event) => {
    if (event.target === shared) return;
    clearTimeout(pending);
    pending = setTimeout(save, 400);
  });
  form.addEventListener("submit", () => {
    clearTimeout(pending);
    save();
  });
}

function drafts() {
  for (const mark of all("[data-draft-done]")) store((s) => s.removeItem(draftKey(mark.dataset.draftDone)));
  for (const form of all("form[data-draft]")) keepDraft(form);
}

// --- buttons that only a script can serve are hidden until it is here; the page listens for them, for some come later ---

function pressed(selector, act) {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(selector);
    if (button) act(button);
  });
}

function showButtons() {
  for (const button of all("[data-print]")) button.hidden = false;
  for (const button of all("[data-share]")) button.hidden = !(navigator.share || navigator.clipboard);
  for (const button of all("[data-copy]")) button.hidden = !navigator.clipboard; // absent outside https and loopback
}

async function copy(button, text) {
  await navigator.clipboard.writeText(text);
  button.querySelector("span").textContent = button.dataset.done;
}

function share(button) {
  if (navigator.share) return void navigator.share({ title: document.title, url: location.href }).catch(() => null);
  copy(button, location.href);
}

function scriptButtons() {
  showButtons();
  pressed("[data-print]", () => window.print());
  pressed("[data-share]", share);
  pressed("[data-copy]", (button) => copy(button, document.getElementById(button.dataset.copy).textContent.trim()));
  pressed("[data-reload]", () => window.location.reload());
  window.addEventListener("beforeprint", () => {
    const day = new Intl.DateTimeFormat("vi", { day: "2-digit", month: "2-digit", year: "numeric" }).format(Date.now());
    for (const place of all("[data-printed]")) place.textContent = place.dataset.words.replace("{day}", day);
  });
  if (window.matchMedia("(width < 40rem)").matches) {
    for (const fold of all("details[data-fold]")) fold.removeAttribute("open");
  }
}

// --- a chosen file is read into its box, where it can be seen and mended before it is sent ---

function fillFromFiles() {
  for (const box of all("[data-fill-box]")) box.hidden = false;
  for (const chooser of all("[data-fill]")) {
    chooser.addEventListener("change", async () => {
      const text = await chooser.files[0]?.text();
      if (text !== undefined) document.getElementById(chooser.dataset.fill).value = text;
    });
  }
}

// --- one press, one submission; the server's idempotency key is the promise, this is the courtesy ---

function submitOnce() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) return void event.preventDefault();
    form.dataset.sent = "yes";
    for (const button of all("button", form)) button.setAttribute("aria-disabled", "true");
  });
  // Coming back to a page the browser kept must find its buttons alive.
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("button", form)) button.removeAttribute("aria-disabled");
    }
  });
}

tellTimes();
setInterval(tellTimes, 60_000);
paper.addEventListener("change", tellTimes);
countCharacters();
drafts();
scriptButtons();
submitOnce();
suggest();
following();
voting();
fillFromFiles();
document.addEventListener("engage:placed", showButtons);
document.querySelector("[data-errors]")?.focus();
