// Comments under an article: read, written, answered, found useful, reported, and followed live. Every link and form here also works
// without this script, on our own pages.

import { ask, isFinal, query } from "./asking.js";
import { Widget, made, parsed } from "./frame.js";
import { line } from "./line.js";
import { reply } from "./replying.js";
import { session } from "./session.js";
import { writer } from "./writing.js";

const GOING = /\.(hidden|withdrawn|removed|sealed)$/;
const COMING = /\.(accepted|restored)$/;

export class Comments extends Widget {
  static reserved = 480;
  #view = {};
  #drafts = new Map(); // what is being typed, by the comment it answers; 0: none
  #room = "";
  #follows = null;
  #came = 0;
  #known = new Set();
  #mine = made("div", "", { className: "engage-mine" });
  #news = made("div", "", { className: "fresh engage-news", hidden: true });

  get who() {
    return session(this.getAttribute("site"));
  }

  get named() {
    const { article, address, title, section, published } = this.attributes;
    const said = { site: this.getAttribute("site"), article: article?.value, address: address?.value ?? (article ? "" : location.origin + location.pathname) };
    return { ...said, title: title?.value, section: section?.value, published: published?.value };
  }

  path() {
    return `/embed/comments?${query({ ...this.named, ...this.#view, lang: this.spoken })}`;
  }

  page() {
    return this.section?.dataset.room ? `/articles/${this.section.dataset.room.split("/")[1]}` : "/";
  }

  shown() {
    this.#listen();
    const isNew = this.#known.size > 0;
    for (const one of this.section.querySelectorAll("li[id]")) {
      if (isNew && this.#came && !this.#known.has(one.id)) one.classList.add("new");
      this.#known.add(one.id);
    }
    this.#came = 0;
    this.#tell();
    const form = this.#form();
    if (form) {
      const names = form.querySelector(".comments-who"); // the script asks for them when they are needed
      names?.nextElementSibling?.remove();
      names?.remove();
      form.querySelector("[name=body]").value = this.#drafts.get(0) ?? "";
      form.after(this.#mine);
    } else this.section.append(this.#mine);
    for (const [id, words] of this.#drafts) if (id && words) this.#answer(id, false);
    if (this.who.bearer) this.#own();
    this.#follow();
  }

  left() {
    this.#follows?.();
    this.#follows = null;
    this.#room = "";
  }

  #form() {
    return this.section.querySelector("form[data-act=comment]");
  }

  #listen() {
    if (this.#news.isConnected) return;
    this.root.prepend(this.#news);
    this.root.addEventListener("click", (event) => this.#press(event));
    this.root.addEventListener("submit", (event) => this.#submit(event));
    this.root.addEventListener("input", ({ target }) => {
      if (target.name === "body" && target.form?.dataset.act === "comment") this.#drafts.set(Number(target.form.elements.reply_to?.value || 0), target.value);
    });
  }

  // --- links and buttons ---

  #press(event) {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const { order, page, act } = link.dataset;
    if (!order && !page && act !== "reply" && act !== "flag") return;
    const comment = Number(link.closest("li[id]")?.id.replace("comment-", ""));
    if (act === "flag") return this.#flag(event, link, comment);
    event.preventDefault();
    if (act === "reply") return this.#answer(comment, true);
    const asked = new URL(link.href).searchParams;
    this.#view = { order: order ?? asked.get("order"), page: page ?? asked.get("page") };
    this.load().then(() => this.section.querySelector("h2")?.scrollIntoView({ block: "nearest" }));
  }

  #answer(comment, isAsked) {
    const item = this.section.querySelector(`#comment-${comment}`);
    const form = this.#form();
    if (!item || !form) return;
    const mine = item.querySelector(":scope > form.engage-reply") ?? reply(this, form, item, comment, () => this.#drafts.delete(comment));
    mine.elements.body.value ||= this.#drafts.get(comment) ?? "";
    if (isAsked) mine.elements.body.focus();
  }

  // Where the fragment brings the reasons, they are asked here; else the link leads to our page.
  #flag(event, link, comment) {
    const asked = this.section.querySelector("template[data-flag]");
    if (!asked) return;
    event.preventDefault();
    const dialog = made("dialog", "", { className: "engage-ask" });
    dialog.append(asked.content.cloneNode(true));
    const form = dialog.querySelector("form");
    form.dataset.act = "flag";
    form.dataset.comment = comment;
    const cancel = made("button", this.say("cancel"), { className: "btn", type: "button", onclick: () => dialog.close() });
    form.append(cancel);
    dialog.onclose = () => {
      dialog.remove();
      link.focus();
    };
    this.root.append(dialog);
    dialog.showModal();
  }

  // --- sending ---

  #submit(event) {
    const form = event.target;
    const { act } = form.dataset;
    const comment = Number(form.dataset.comment || form.closest("li[id]")?.id.replace(/\D+/, ""));
    const acts = {
      comment: () => this.#write(form),
      useful: () => this.#useful(form, comment),
      flag: () => this.#send(form, "/embed/flags", { thing: "comment", id: comment, ...fields(form, "reason", "words") }),
      edit: () => this.#send(form, `/embed/comments/${comment}/edit`, { body: form.elements.body.value, version: Number(form.elements.version.value) }),
      withdraw: () => this.#send(form, `/embed/comments/${comment}/withdraw`, {}),
    };
    if (!acts[act]) return;
    event.preventDefault();
    this.#try(form, acts[act]);
  }

  async #try(form, act, isSecond = false) {
    const button = form.querySelector("button:not([type=button])");
    const wrong = said(form);
    wrong.textContent = "";
    button.setAttribute("aria-disabled", "true");
    if (form.dataset.busy) return;
    form.dataset.busy = "yes";
    let isOver = false;
    try {
      if (await writer(this, form.parentElement, () => this.#try(form, act))) await act();
    } catch (trouble) {
      isOver = trouble.reason === "embed_session_over" && !isSecond;
      wrong.textContent = isFinal(trouble) && trouble.message ? trouble.message : this.say("unsent");
    }
    delete form.dataset.busy;
    button.removeAttribute("aria-disabled");
    if (!isOver) return;
    this.who.end();
    await this.#try(form, act, true);
  }

  async #post(path, body) {
    return (await ask(path, this.spoken, { body, bearer: this.who.bearer })).json();
  }

  async #write(form) {
    const answers = Number(form.elements.reply_to?.value || 0);
    form.dataset.key ||= crypto.randomUUID();
    const named = Object.fromEntries(Object.entries(this.named).filter(([, value]) => value));
    const body = { ...named, title: named.title ?? document.title, body: form.elements.body.value, key: form.dataset.key };
    const told = await this.#post("/embed/comments", answers ? { ...body, reply_to: answers } : body);
    delete form.dataset.key;
    this.#drafts.delete(answers);
    if (answers) form.remove();
    else form.elements.body.value = "";
    const words = [told.words || this.say("sent"), told.hint, this.say("writing_as", { name: this.who.name })].filter(Boolean).map((one) => one.replace(/\.?$/, ".")).join(" ");
    this.#mine.dataset.told = words;
    this.voiced(words);
    await this.load({ fresh: true });
  }

  async #useful(form, comment) {
    const button = form.querySelector("button");
    const isOn = button.getAttribute("aria-pressed") === "true";
    const told = await this.#post(`/embed/comments/${comment}/useful`, { useful: !isOn });
    button.setAttribute("aria-pressed", String(!isOn));
    const number = form.querySelector("[data-useful]");
    if (number) number.textContent = told.useful.toLocaleString(this.spoken);
  }

  async #send(form, path, body) {
    const told = await this.#post(path, body);
    form.closest("dialog")?.close();
    form.closest("details")?.removeAttribute("open");
    if (told.words) this.#mine.dataset.told = told.words;
    await this.#own();
  }

  // What one has sent and others do not see yet.
  async #own() {
    const asked = query({ ...this.named, title: "", section: "", published: "", lang: this.spoken });
    const answer = await ask(`/embed/comments/mine?${asked}`, this.spoken, { bearer: this.who.bearer, fresh: true }).catch(() => null);
    const isTyping = this.#mine.querySelector("details[open] textarea");
    if (answer && !isTyping) this.#mine.replaceChildren(parsed(await answer.text()));
    if (this.#mine.dataset.told) this.#mine.prepend(made("p", this.#mine.dataset.told, { className: "note ok", role: "status" }));
  }

  // --- live ---

  #follow() {
    const { room = "", epoch, at } = this.section.dataset;
    if (room === this.#room) return;
    this.left();
    this.#room = room;
    if (!room) return;
    this.#follows = line(room, this.spoken, { epoch, at: Number(at) }, {
      fact: (fact) => this.#take(fact),
      snap: () => this.#arrived(1),
    });
  }

  #take(fact) {
    const isGone = GOING.test(fact.type) || fact.type === "removed";
    for (const one of [fact, ...(fact.also ?? [])]) {
      const id = one.put ?? one.remove ?? (isGone ? `comment-${fact.data?.remark}` : "");
      const old = id && this.section.querySelector(`#${CSS.escape(id)}`);
      if (!old) continue;
      if (one.html) this.#replace(old, one.html);
      else if (one.remove || isGone) this.#vanish(old);
    }
    if (COMING.test(fact.type)) this.#arrived(1);
    if (this.who.bearer && (isGone || COMING.test(fact.type))) this.#own();
  }

  #replace(old, html) {
    const now = parsed(html).firstElementChild;
    const reply = old.querySelector(":scope > form.engage-reply");
    if (reply) now.append(reply);
    old.replaceWith(now);
  }

  // Its place stays until the page is read again: nothing under the reader's eyes moves.
  #vanish(old) {
    old.style.minBlockSize = `${old.offsetHeight}px`;
    old.replaceChildren(made("p", this.say("gone"), { className: "dim small" }));
    this.voiced(this.say("gone"));
  }

  #arrived(many) {
    this.#came += many;
    this.#tell();
  }

  #tell() {
    this.#news.hidden = !this.#came;
    if (!this.#came) return;
    const words = this.say(this.#came === 1 ? "one" : "many", { n: this.#came });
    const button = made("button", words, { className: "btn", type: "button" });
    button.onclick = () => {
      this.#view = { order: "newest" };
      this.load({ fresh: true }).then(() => this.section.querySelector("h2")?.focus());
    };
    this.#news.replaceChildren(button);
    this.voiced(words);
  }
}

function fields(form, ...names) {
  return Object.fromEntries(names.map((name) => [name, form.elements[name]?.value ?? ""]));
}

// Where a form says what went wrong.
function said(form) {
  const found = form.querySelector(".error.engage-wrong");
  if (found) return found;
  return form.appendChild(made("p", "", { className: "error engage-wrong", role: "alert" }));
}
