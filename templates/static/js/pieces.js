// The pieces of a live room, and what a fact makes of them. tests/unit/reducer.py is the twin of `applied`: what it proves
// (an old snapshot and the facts since lead to a fresh one) holds for both.

// `pieces`: a list of {id, html, rank}, the greatest rank first. `floor`: the rank at which the list was cut; what ranks lower
// does not come into it. A fact without a piece changes nothing; one that changes several brings the others in `also`.
export function applied(pieces, fact, floor = "") {
  return [fact, ...(fact.also ?? [])].reduce((shown, one) => changed(shown, one, floor), pieces);
}

function changed(pieces, fact, floor) {
  const id = fact.remove ?? fact.put;
  if (id === undefined) return pieces;
  const others = pieces.filter((one) => one.id !== id);
  if (fact.put === undefined || fact.rank < floor) return others;
  const lower = others.findIndex((one) => one.rank < fact.rank);
  const at = lower < 0 ? others.length : lower;
  return [...others.slice(0, at), { id, html: fact.html, rank: fact.rank }, ...others.slice(at)];
}

// The element of a piece, to be put in the place of `old`. Counts that pass are not in what is sent: those on the page stay.
export function element(html, old = null) {
  const template = document.createElement("template");
  template.innerHTML = html; // our own server's fragment, escaped there
  const made = template.content.firstElementChild;
  for (const slot of made.querySelectorAll("[data-count]")) {
    const before = old?.querySelector(`[data-count="${slot.dataset.count}"]`);
    if (!before) continue;
    slot.innerHTML = before.innerHTML;
    slot.hidden = before.hidden;
  }
  return made;
}

// To be called once pieces are on the page: what a script adds to a page is added to them too.
export function placed() {
  document.dispatchEvent(new CustomEvent("engage:placed"));
}
