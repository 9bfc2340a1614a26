// How many comments: of all articles a page names in one request. The page's own words stand until it is known, and if it never is.

import { ask } from "./asking.js";
import { spoken } from "./frame.js";

const MOST = 50;
const waiting = new Map();

async function fill(site, elements) {
  const articles = [...new Set(elements.map((one) => one.getAttribute("article")))];
  for (let at = 0; at < articles.length; at += MOST) {
    const asked = new URLSearchParams([["site", site], ...articles.slice(at, at + MOST).map((id) => ["article", id])]);
    const answer = await ask(`/embed/counts?${asked}`, "vi").catch(() => null);
    const { counts } = answer ? await answer.json() : { counts: {} };
    for (const one of elements) if (one.getAttribute("article") in counts) one.tell(counts[one.getAttribute("article")]);
  }
}

export class Count extends HTMLElement {
  connectedCallback() {
    if (!this.shadowRoot) this.attachShadow({ mode: "open" }).append(document.createElement("slot"));
    const site = this.getAttribute("site");
    if (!waiting.has(site)) {
      waiting.set(site, []);
      setTimeout(() => {
        const elements = waiting.get(site);
        waiting.delete(site);
        fill(site, elements);
      });
    }
    waiting.get(site).push(this);
  }

  tell(number) {
    const words = WORDS[spoken(this)];
    const said = number === 0 ? words.count_none : number === 1 ? words.count_one : words.count_many;
    const shown = number.toLocaleString(words === WORDS.en ? "en" : "vi");
    this.shadowRoot.replaceChildren(this.hasAttribute("short") ? shown : said.replace("{n}", shown));
  }
}
