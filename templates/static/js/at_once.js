// What changes on a page at once, because its room is reserved and nobody is reading in it: how a dialogue stands now.

import { element, placed } from "./pieces.js";
import { still } from "./placing.js";

const isAtOnce = (id) => document.getElementById(id ?? "")?.matches("[data-at-once]");

// Takes in what belongs there. Gives the fact that is left for the rest of the page, or null when nothing is.
export function atOnce(fact) {
  const { also, ...own } = fact;
  const taken = [own, ...(also ?? [])].filter((one) => isAtOnce(one.put));
  if (!taken.length) return fact;
  taken.forEach(swap);
  if (taken.includes(own)) return null;
  const hasRest = own.put !== undefined || own.remove !== undefined || also.length > taken.length;
  return hasRest ? { ...own, also: also.filter((one) => !taken.includes(one)) } : null;
}

function swap({ put, html }) {
  const old = document.getElementById(put);
  const focused = old.contains(document.activeElement) ? selector(document.activeElement) : null;
  const made = element(html, old);
  still(document.querySelector("main"), () => {
    old.replaceWith(made);
    placed(); // what a script adds to it has its place too
  });
  if (focused) made.querySelector(focused)?.focus({ preventScroll: true });
}

const selector = (one) => (one.id ? `#${CSS.escape(one.id)}` : `[href="${CSS.escape(one.getAttribute("href") ?? "")}"]`);

// A fresh start, where too much was missed.
export async function restart(url) {
  if (!document.querySelector("[data-at-once]")) return;
  const state = await fetch(url).then((answer) => (answer.ok ? answer.json() : null), () => null);
  for (const { id, html } of state?.pieces ?? []) if (isAtOnce(id)) swap({ put: id, html });
}
