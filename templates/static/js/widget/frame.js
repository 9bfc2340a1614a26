// What all widgets share: a shadow root in the page's colours, room that is reserved before anything comes, loading when near, and
// plain words when the service is away.

import { HOME, ask, home, isFinal, wait } from "./asking.js";

const NEAR = "600px";
const OUTSIDE = `:host { all: initial !important; display: block !important; direction: ltr !important; color-scheme: inherit !important; }
:host([hidden]) { display: none !important; } .engage-frame { display: flow-root; min-block-size: var(--reserved); } p { margin: 0; }
@layer before { .engage { font: 16px/1.6 var(--engage-font, system-ui, sans-serif); } button { font: inherit; min-block-size: 44px; } .row { display: flex; gap: 16px; align-items: center; } }`;
const LOOKS = { accent: "color", font: "font-family", round: "opacity" }; // each is judged like the property it resembles

let outside;
let styles;

function host() {
  if (!outside) (outside = new CSSStyleSheet()).replaceSync(OUTSIDE);
  return outside;
}

// Once for all widgets of a page; asked for anew only if it did not come.
function sheet() {
  styles ??= ask("/embed/style.css", "vi")
    .then(async (answer) => {
      const made = new CSSStyleSheet();
      made.replaceSync(await answer.text());
      return made;
    })
    .catch((trouble) => {
      styles = null;
      throw trouble;
    });
  return styles;
}

// The tag's own language, else the page's.
export const spoken = (tag) => ((tag.getAttribute("lang") || document.documentElement.lang).startsWith("en") ? "en" : "vi");

export function made(tag, words = "", properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: words }, properties);
}

export function parsed(html) {
  const template = document.createElement("template");
  template.innerHTML = html; // our own service's fragment, escaped there
  for (const use of template.content.querySelectorAll("use")) use.setAttribute("href", `#${use.getAttribute("href").split("#")[1]}`);
  for (const link of template.content.querySelectorAll('a[href^="/"]')) link.href = HOME + link.getAttribute("href");
  return template.content;
}

export class Widget extends HTMLElement {
  static reserved = 320;
  static observedAttributes = ["site", "article", "topic", "agency", "dialogue", "lang", "accent", "font", "round"];
  #turn = 0;
  #failures = 0;
  #again = 0;
  #near = null;
  #said = 0;

  get spoken() {
    return spoken(this);
  }

  say(name, figures = {}) {
    return WORDS[this.spoken][name].replace(/\{(\w+)\}/g, (_, figure) => figures[figure]);
  }

  named(...names) {
    return Object.fromEntries(names.map((name) => [name, this.getAttribute(name)]));
  }

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    this.#near = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.#come(), { rootMargin: NEAR });
    this.#near.observe(this);
  }

  disconnectedCallback() {
    this.#near.disconnect();
    clearTimeout(this.#again);
    this.#turn += 1;
    this.left();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.shadowRoot || before === now) return;
    if (name in LOOKS) this.#dress();
    else if (this.isConnected && this.root.dataset.came) this.load();
  }

  // For whoever wears it.
  left() {}
  shown() {}

  #build() {
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [host()];
    this.root = made("div", "", { className: "engage", lang: this.spoken });
    this.note = made("div", "", { className: "engage-trouble" });
    this.frame = made("div", "", { className: "engage-frame" });
    this.voice = made("p", "", { className: "sr", ariaLive: "polite" });
    this.frame.append(made("p", this.say("loading"), { className: "engage-wait" }));
    const height = Number(this.getAttribute("height")) || this.constructor.reserved;
    this.frame.style.setProperty("--reserved", `${height}px`);
    this.#dress();
    this.root.append(this.note, this.frame, this.voice);
    this.voice.style.cssText = "position:absolute;inline-size:1px;block-size:1px;overflow:hidden";
    this.shadowRoot.append(this.root);
  }

  #dress() {
    for (const [look, like] of Object.entries(LOOKS)) {
      const value = this.getAttribute(look) ?? "";
      if (value && CSS.supports(like, value)) this.root.style.setProperty(`--engage-${look}`, value);
      else this.root.style.removeProperty(`--engage-${look}`);
    }
  }

  #come() {
    this.#near.disconnect();
    this.root.dataset.came = "yes";
    this.load();
  }

  // Read and put in its place. What is there stays until the new is there.
  async load({ fresh = false, path = this.path() } = {}) {
    const turn = (this.#turn += 1);
    clearTimeout(this.#again);
    try {
      const [answer, looks] = await Promise.all([ask(path, this.spoken, { fresh }), sheet()]);
      const html = await answer.text();
      if (turn !== this.#turn) return;
      this.shadowRoot.adoptedStyleSheets = [host(), looks];
      this.#failures = 0;
      this.note.replaceChildren();
      this.#put(parsed(html));
    } catch (trouble) {
      if (turn !== this.#turn) return;
      this.#tell(trouble);
      if (!isFinal(trouble)) this.#again = setTimeout(() => this.load({ fresh, path }), wait((this.#failures += 1)));
    }
  }

  // Whatever stands below it on the page does not move: if that is in sight, the rest waits behind a button.
  #put(content) {
    const box = this.frame.getBoundingClientRect();
    const isFirst = !this.section;
    const isBelowSeen = box.bottom > 0 && box.bottom < innerHeight;
    this.section = content.firstElementChild;
    this.frame.replaceChildren(content);
    if (isFirst && isBelowSeen && this.frame.scrollHeight > box.height + 1) this.#cut();
    this.shown();
  }

  #cut() {
    const more = made("button", this.say("more"), { className: "btn", type: "button" });
    const cover = made("div", "", { className: "engage-more" });
    const whole = () => {
      this.frame.classList.remove("cut");
      cover.remove();
    };
    more.onclick = whole;
    this.section.addEventListener("focusin", whole, { once: true });
    cover.append(more);
    this.frame.classList.add("cut");
    this.frame.append(cover);
  }

  #tell(trouble) {
    const place = this.section ? this.note : this.frame;
    const words = made("p", (isFinal(trouble) && trouble.message) || this.say("trouble"));
    if (place.firstElementChild?.textContent === words.textContent) return; // whoever is about to press the button keeps it
    const retry = made("button", this.say("retry"), { className: "btn", type: "button", onclick: () => this.load({ fresh: true }) });
    const page = made("a", this.say("page"), { href: home(this.page(), this.spoken), target: "_top" });
    const acts = made("p", "", { className: "row" });
    acts.append(retry, page);
    place.replaceChildren(words, acts);
    this.voiced(words.textContent);
  }

  // Read aloud, the last of what came together.
  voiced(words) {
    clearTimeout(this.#said);
    this.#said = setTimeout(() => (this.voice.textContent = words), 1_000);
  }
}
