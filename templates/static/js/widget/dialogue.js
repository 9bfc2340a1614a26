// A dialogue: how long until it begins, what is on the stage, and where its minutes are.

import { query } from "./asking.js";
import { Widget, parsed } from "./frame.js";
import { line } from "./line.js";

const MINUTE = 60_000;
const SPREAD = 4_000;
const TURNS = /^dialogue\.(?!message)/;

export class Dialogue extends Widget {
  static reserved = 360;
  #follows = null;
  #room = "";
  #clock = 0;
  #reload = 0;

  path() {
    return `/embed/dialogue?${query({ ...this.named("site", "dialogue"), lang: this.spoken })}`;
  }

  page() {
    return /^\d+$/.test(this.getAttribute("dialogue")) ? `/dialogues/${this.getAttribute("dialogue")}` : "/dialogues";
  }

  shown() {
    clearInterval(this.#clock);
    const countdown = this.section.querySelector("[data-countdown]");
    if (countdown) {
      tell(countdown);
      this.#clock = setInterval(() => tell(countdown), MINUTE / 4);
    }
    const { room = "", epoch, at } = this.section.dataset;
    if (room === this.#room) return;
    this.left();
    this.#room = room;
    if (!room) return;
    this.#follows = line(room, this.spoken, { epoch, at: Number(at) }, {
      fact: (fact) => [fact, ...(fact.also ?? [])].forEach((one) => this.#take(one)),
      snap: () => this.#anew(),
    });
  }

  left() {
    this.#follows?.();
    this.#follows = null;
    this.#room = "";
    clearInterval(this.#clock);
    clearTimeout(this.#reload);
  }

  #take(fact) {
    if (TURNS.test(fact.type ?? "")) this.#anew();
    const id = fact.put ?? fact.remove;
    const old = id && this.section.querySelector(`#${CSS.escape(id)}`);
    if (fact.remove) return void old?.remove();
    if (!fact.html) return;
    const piece = parsed(fact.html).firstElementChild;
    if (old) return void old.replaceWith(piece);
    const list = this.section.querySelector("[data-answers]");
    if (!list || piece.localName !== "li") return;
    list.prepend(piece);
    while (list.children.length > Number(list.dataset.most)) list.lastElementChild.remove();
  }

  // Another stage: the whole is another one. Not everybody asks at once.
  #anew() {
    clearTimeout(this.#reload);
    this.#reload = setTimeout(() => this.load({ fresh: true }), Math.random() * SPREAD);
  }
}

function tell(countdown) {
  const minutes = Math.ceil((Date.parse(countdown.dataset.countdown) - Date.now()) / MINUTE);
  const { days, hours, minutes: rest, left } = countdown.dataset;
  const parts = [[days, Math.floor(minutes / 1440)], [hours, Math.floor(minutes / 60) % 24], [rest, minutes % 60]];
  const said = parts.filter(([, number]) => number > 0).map(([words, number]) => words.replace("{n}", number));
  countdown.textContent = minutes > 0 ? left.replace("{time}", said.join(" ")) : "";
}
