// What has come waits behind a bar until the reader wants it, and then takes its place without moving what they read or type.
// What was taken down goes at once. A page whose room has pieces gets those; the marked parts of another are fetched anew.

import { applied } from "./pieces.js";
import { recount, sentence } from "./counts.js";
import { place, renewed, swapped } from "./placing.js";

const SPREAD = 3000;
const all = (selector, root = document) => [...root.querySelectorAll(selector)];

// One thing, however many facts there are about it.
const thing = (fact) => fact.put ?? fact.remove ?? (fact.data?.question ? `question-${fact.data.question}` : fact.type);

export function freshness(bar, main, say) {
  const button = bar.querySelector("button");
  const box = document.querySelector("[data-pieces]");
  const words = bar.querySelector("[data-words]");
  const quiet = new Set((main.dataset.quiet ?? "").split(" ")); // facts that change nothing on this page
  const aside = new Set((main.dataset.aside ?? "").split(" ")); // and those that change what stands beside, which nobody counts
  let facts = [];
  let base = null; // a fresh start, where too much was missed
  let upTo = 0; // what the page or that start holds already
  let isStale = false; // too much was missed: no count says how much
  let isOlder = false; // what stands beside is not as it was
  let hasMoved = null; // the first new thing, when it came in out of sight

  // The room's order; what is for this reader alone has one of its own, and is never in the page already.
  const isOwn = (fact) => main.dataset.me !== undefined && fact.c.startsWith("person:");
  const isNewTo = (fact) => isOwn(fact) || fact.n > upTo;
  const count = () => new Set(facts.map(thing)).size;

  function tell() {
    const told = isStale || base || !facts.length ? bar.dataset.some : sentence(bar.dataset, count());
    words.textContent = hasMoved ? bar.dataset.show : told;
    bar.hidden = !(hasMoved || isStale || isOlder || base || facts.length);
    if (!bar.hidden && !hasMoved) say("news", told);
  }

  // --- what was taken down ---

  const note = document.querySelector("template[data-taken-down]");

  // In a list the note takes the row's place; where the page had its heading, the note is one.
  function inPlaceOf(element) {
    const said = note.content.firstElementChild.cloneNode(true);
    if (element.querySelector("h1")) wrapped(said.querySelector("span"), "h1");
    return element.localName === "li" ? wrapped(said, "li") : said;
  }

  function wrapped(inner, name) {
    const outer = document.createElement(name);
    inner.replaceWith(outer);
    outer.append(inner);
    return outer;
  }

  function takeAway(id) {
    facts = facts.filter((fact) => thing(fact) !== id);
    const shown = all(`[id="${CSS.escape(id)}"], [data-shows="${CSS.escape(id)}"]`);
    for (const element of shown) {
      if (element.querySelector("h1")) document.title = note.content.textContent.trim();
      if (element.localName === "tr") element.remove();
      else element.replaceWith(inPlaceOf(element));
    }
    if (!hasMoved?.isConnected) hasMoved = null;
    if (shown.length) say("removed", note.content.textContent.trim());
    tell();
  }

  // --- what was asked for ---

  const pieces = () => all("[data-pieces] > [id]").map((element) => ({ id: element.id, html: element.outerHTML, element }));

  // Of facts that come together only the last about a thing brings its piece: the thing is as it is now for all of them.
  const isWhole = () => box && !isStale && (base || (facts.at(-1)?.html ?? facts.at(-1)?.remove) !== undefined);

  function show(fresh) {
    for (const element of fresh) {
      element.classList.add("new");
      seen.observe(element);
    }
    hasMoved = fresh.some(isInSight) ? null : (fresh[0] ?? null);
    if (!hasMoved && document.activeElement === button) goTo(fresh[0] ?? main);
    tell();
  }

  function goTo(element) {
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
  }

  async function renew() {
    if (!document.querySelector("[data-part]")) return void location.reload();
    const page = await renewed().catch(() => null);
    if (page === null) return; // no network: what waits goes on waiting
    if (!page) return void location.assign(location.href);
    upTo = Number(page.querySelector("[data-room]")?.dataset.after ?? upTo);
    facts = facts.filter((fact) => fact.n > upTo && !isOwn(fact));
    base = null;
    isStale = isOlder = false;
    recount(page);
    show(swapped(page));
  }

  function press() {
    if (hasMoved) {
      hasMoved.scrollIntoView({ block: "center" });
      goTo(hasMoved);
      hasMoved = null;
      return tell();
    }
    if (!isWhole()) return renew();
    const before = pieces();
    const after = facts.reduce((shown, fact) => applied(shown, fact), base ?? before);
    facts = [];
    base = null;
    show(place(box, before, after));
  }

  // Too far behind: a fresh start, and what is not in it is taken away now. Where a room has none, the page is fetched when asked for.
  async function start(url) {
    const state = await fetch(url).then((answer) => (answer.ok ? answer.json() : null), () => null);
    if (!state || !isStale) return; // the reader was quicker
    upTo = state.n;
    base = state.pieces;
    isStale = false;
    facts = facts.filter(isNewTo);
    for (const { id } of pieces()) if (!base.some((piece) => piece.id === id)) takeAway(id);
    tell();
  }

  // --- what is new stays marked until it was looked at ---

  const isInSight = (element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < innerHeight;
  };
  const seen = new IntersectionObserver((entries) => {
    for (const { target } of entries.filter((one) => one.isIntersecting)) {
      seen.unobserve(target);
      setTimeout(() => target.classList.remove("new"), 6000);
      if (target === hasMoved) {
        hasMoved = null;
        tell();
      }
    }
  });

  // A press with a pointer leaves the focus where somebody types.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", press);

  return {
    fact(fact) {
      if (fact.type === "removed") return takeAway(fact.remove ?? thing(fact));
      if (quiet.has(fact.type) || !isNewTo(fact)) return;
      if (aside.has(fact.type)) isOlder = true;
      else facts.push(fact);
      tell();
    },
    // The reader may no longer see any of it: that may be known before what was taken down is told.
    gone() {
      for (const { id } of pieces()) takeAway(id);
    },
    snap(message) {
      facts = []; // of before it, and maybe of another life of the log
      upTo = message.n;
      isStale = true;
      tell();
      // Not all readers of a room at once.
      if (box && message.url) setTimeout(() => start(message.url), Math.random() * SPREAD);
    },
  };
}
