// Numbers that pass: every place on the page that counts something is told by its name, such as votes:17, what it is now. Its words
// stand on the place: data-one, data-many with {n}, data-none; below data-least it says nothing, from data-most on it says "n+".

const number = new Intl.NumberFormat(document.documentElement.lang || "vi");

export function sentence(said, count) {
  if (count === 1 && said.one !== undefined) return said.one;
  return (said.many ?? "{n}").replace("{n}", number.format(count));
}

function words(said, count) {
  if (count < Number(said.least ?? 0)) return "";
  if (count === 0 && said.none !== undefined) return said.none;
  return sentence(said, count) + (said.most && count >= Number(said.most) ? "+" : "");
}

// `{"17": 214}` of "votes".
export function count(type, counts) {
  for (const [id, now] of Object.entries(counts)) {
    for (const place of document.querySelectorAll(`[data-count="${CSS.escape(`${type}:${id}`)}"]`)) {
      place.textContent = words(place.dataset, now);
      place.hidden = !place.textContent;
    }
  }
}

// After a time without a line: what passed meanwhile is not told again, so the places are filled from the page as it is now.
export function recount(fresh) {
  for (const place of document.querySelectorAll("[data-count]")) {
    const now = fresh.querySelector(`[data-count="${CSS.escape(place.dataset.count)}"]`);
    if (!now?.textContent.trim()) continue; // who is here, no page knows
    place.textContent = now.textContent;
    place.hidden = now.hidden;
  }
}
