// What comes while somebody reads: a comment taken down goes at once, a corrected one says what it says now, new ones wait behind a bar.

import { ask, wait } from "./asking.js";
import { made, parsed } from "./frame.js";
import { line } from "./line.js";

const GOING = /^removed$|\.(hidden|withdrawn|removed|sealed)$/;
const COMING = /\.(accepted|restored)$/;
const LOOKED_EVERY = 60_000;
const KEPT = "ol, form";

export class Fresh {
  bar = made("div", "", { className: "fresh engage-news", hidden: true });
  #widget;
  #room = "";
  #line = null;
  #timer = 0;
  #came = 0;
  #known = new Set();

  constructor(widget) {
    this.#widget = widget;
  }

  // The list was read anew.
  shown() {
    for (const one of this.#widget.section.querySelectorAll("li[id]")) {
      if (this.#came) one.classList.toggle("new", !this.#known.has(one.id));
      this.#known.add(one.id);
    }
    this.#arrived(-this.#came);
    this.#follow();
  }

  left() {
    clearTimeout(this.#timer);
    this.#line?.();
    [this.#line, this.#room] = [null, ""];
  }

  #follow() {
    const { room = "", epoch, at } = this.#widget.section.dataset;
    if (room && room === this.#room) return;
    this.left();
    this.#room = room;
    if (!room) this.#timer = setTimeout(() => this.#look(), LOOKED_EVERY * (0.8 + Math.random() * 0.4));
    else this.#line = line(room, this.#widget.spoken, { epoch, at: Number(at) }, { fact: (fact) => this.#take(fact), snap: () => this.#soon(1) });
  }

  // Where nobody has written yet there is no room to follow.
  async #look() {
    const now = document.hidden ? null : await this.#read();
    if (now?.dataset.room) {
      Object.assign(this.#widget.section.dataset, now.dataset);
      this.#arrived(Number(now.dataset.many));
    }
    if (this.#widget.isConnected) this.#follow();
  }

  // Too much has happened to be told one by one. Not everybody asks at once.
  #soon(failures) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#renew(failures), wait(failures));
  }

  // The form stays as it is, with whoever types in it.
  async #renew(failures) {
    const now = await this.#read();
    if (!now) return this.#soon(failures + 1);
    for (const part of [".comments-many", ".comments-list"]) {
      const [old, other] = [this.#widget.section, now].map((one) => one.querySelector(part));
      old?.replaceWith(...(other ? [other] : []));
    }
    this.#widget.keep();
  }

  async #read() {
    const answer = await ask(this.#widget.path(), this.#widget.spoken, { fresh: true }).catch(() => null);
    return answer && parsed(await answer.text()).firstElementChild;
  }

  #take(fact) {
    const [isGone, isComing] = [GOING.test(fact.type), COMING.test(fact.type)];
    const id = fact.put ?? fact.remove ?? `comment-${fact.data?.remark}`;
    const old = this.#widget.section.querySelector(`[data-pieces] #${CSS.escape(id)}`);
    if (old && fact.html) this.#replace(old, fact.html);
    else if (old && isGone) this.#vanish(old);
    else if (isComing) this.#arrived(1);
    if (isGone || isComing) this.#widget.moved(fact.data?.remark, isComing);
  }

  #replace(old, html) {
    const now = parsed(html).firstElementChild;
    const typing = this.#widget.shadowRoot.activeElement;
    const reply = old.querySelector(":scope > form");
    if (reply) now.append(reply);
    old.replaceWith(now);
    this.#widget.keep();
    if (reply?.contains(typing)) typing.focus();
  }

  // Its place stays until the list is read again: nothing under the reader's eyes moves. Replies, and a reply being typed, stay too.
  #vanish(old) {
    const gone = [...old.children].filter((part) => !part.matches(KEPT));
    const height = gone.at(-1).getBoundingClientRect().bottom - gone[0].getBoundingClientRect().top;
    const said = made("p", this.#widget.say("gone"));
    said.style.minBlockSize = `${height}px`;
    gone[0].before(said);
    for (const part of gone) part.remove();
    old.classList.add("gone");
    this.#widget.voiced(said.textContent);
  }

  #arrived(many) {
    this.#came += many;
    this.bar.hidden = !this.#came;
    if (!this.#came) return;
    const words = this.#widget.say(this.#came === 1 ? "one" : "many", { n: this.#came });
    this.bar.replaceChildren(made("button", words, { className: "btn", type: "button", onclick: () => this.#widget.newest() }));
    this.#widget.voiced(words);
  }
}
