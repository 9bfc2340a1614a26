// Comments under an article: read, written, answered, found useful, reported, and followed live. Every link and form here also works
// without this script, on our own pages.

import { ask, query, reasonOf } from "./asking.js";
import { Widget, made, parsed } from "./frame.js";
import { Fresh } from "./fresh.js";
import { reply } from "./replying.js";
import { session } from "./session.js";
import { introduction, writer } from "./writing.js";

export class Comments extends Widget {
  static reserved = 480;
  #view = {};
  #drafts = new Map(); // what is being typed, by the comment it answers; 0: none
  #keys = new Map(); // under which it was sent last, by the same
  #stranger = null; // who they are is being asked
  #told = null; // of what was sent last
  #fresh = new Fresh(this);
  #mine = made("div", "", { className: "engage-mine" });

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
    this.#fresh.shown();
    const form = this.#form();
    if (form) {
      const names = form.querySelector(".comments-who"); // the script asks for them when they are needed
      names?.nextElementSibling?.remove();
      names?.remove();
      form.querySelector("[name=body]").value = this.#drafts.get(0) ?? "";
      form.after(this.#mine);
    } else this.section.append(this.#mine);
    this.keep();
    if (this.who.bearer) this.#own();
  }

  left() {
    this.#fresh.left();
  }

  // What somebody is in the middle of, in its place again.
  keep() {
    for (const [id, words] of this.#drafts) if (id && words) this.#answer(id, false);
    if (this.#stranger && !this.#stranger.form.isConnected) this.#place(this.#stranger.beside());
  }

  // Something of a comment changed for readers; it may be one's own.
  moved(comment, isComing) {
    if (this.#told?.id === comment) this.#told = isComing ? { words: this.say("shown") } : null;
    if (this.who.bearer) this.#own();
  }

  newest() {
    this.#view = { order: "newest" };
    this.#go({ fresh: true });
  }

  async #go(how) {
    await this.load(how);
    const head = this.section?.querySelector("h2");
    if (!head) return;
    head.tabIndex = -1;
    head.focus();
  }

  #form() {
    return this.section.querySelector("form.comments-form:not(.engage-reply)");
  }

  #listen() {
    if (this.#fresh.bar.isConnected) return;
    this.root.prepend(this.#fresh.bar);
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
    this.#go();
  }

  #answer(comment, isAsked) {
    const item = this.section.querySelector(`#comment-${comment}`);
    const form = this.#form();
    if (!item || !form) return;
    const mine = item.querySelector(":scope > form.engage-reply") ?? reply(this, form, item, comment, () => this.#drafts.delete(comment));
    mine.elements.body.value ||= this.#drafts.get(comment) ?? "";
    if (isAsked) mine.elements.body.focus();
  }

  // Of whoever may be known here it is asked here; anybody else follows the link to our page.
  #flag(event, link, comment) {
    const asked = this.section.querySelector("template[data-flag]");
    if (!asked || !(this.who.bearer || this.getAttribute("token-from"))) return;
    event.preventDefault();
    const dialog = made("dialog", "", { className: "engage-ask", ariaLabel: link.textContent });
    dialog.append(asked.content.cloneNode(true));
    dialog.querySelector("[data-own]").href = link.href;
    const form = dialog.querySelector("form");
    form.dataset.act = "flag";
    form.dataset.comment = comment;
    const cancel = made("button", this.say("cancel"), { className: "btn", type: "button", onclick: () => dialog.close() });
    form.querySelector("button").after(cancel);
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
    const comment = Number(form.dataset.comment || form.closest("li[id]")?.id.replace(/\D+/, "") || 0);
    const acts = {
      comment: () => this.#write(form),
      useful: () => this.#useful(form, comment),
      flag: () => this.#send(form, "/embed/flags", { thing: "comment", id: comment, ...fields(form, "reason", "words") }),
      edit: () => this.#send(form, `/embed/comments/${comment}/edit`, { body: form.elements.body.value, version: Number(form.elements.version.value) }),
      withdraw: () => this.#send(form, `/embed/comments/${comment}/withdraw`, {}),
    };
    if (!acts[act]) return;
    event.preventDefault();
    this.#try(form, comment, acts[act]);
  }

  async #try(form, comment, act, isSecond = false) {
    if (form.dataset.busy) return;
    const button = form.querySelector("button:not([type=button])");
    const wrong = said(form);
    wrong.textContent = "";
    button.setAttribute("aria-disabled", "true");
    form.dataset.busy = "yes";
    let isOver = false;
    try {
      if (await writer(this)) await act();
      else this.#introduce(form, comment);
    } catch (trouble) {
      isOver = trouble.reason === "embed_session_over" && !isSecond;
      wrong.textContent = reasonOf(trouble) || this.say("unsent");
    }
    delete form.dataset.busy;
    button.removeAttribute("aria-disabled");
    if (!isOver) return;
    this.who.end();
    await this.#try(form, comment, act, true);
  }

  // Whoever has said who they are sends what they wanted to send, as it is by then; meanwhile the list may have been read anew.
  #introduce(form, comment) {
    if (this.#stranger?.beside() === form) return this.#stranger.form.querySelector("input").focus();
    const within = () => this.section.querySelector(`#comment-${comment}`)?.querySelector(`form[data-act=${form.dataset.act}]`);
    const beside = () => (form.isConnected ? form : comment ? within() : this.#form());
    const over = () => {
      this.#stranger.form.remove();
      this.#stranger = null;
      return beside();
    };
    this.#stranger?.form.remove();
    const asked = introduction(this, () => over()?.requestSubmit(), () => over()?.querySelector("textarea, button")?.focus());
    this.#stranger = { form: asked, beside };
    this.#place(form);
    asked.querySelector("input").focus();
  }

  #place(beside) {
    (beside?.closest(".comment-acts") ?? beside)?.after(this.#stranger.form);
  }

  async #post(path, body) {
    return (await ask(path, this.spoken, { body, bearer: this.who.bearer })).json();
  }

  async #write(form) {
    const answers = Number(form.elements.reply_to?.value || 0);
    const words = form.elements.body.value;
    const named = Object.fromEntries(Object.entries(this.named).filter(([, value]) => value));
    const body = { ...named, title: named.title ?? document.title, body: words, key: this.#key(answers, words) };
    const told = await this.#post("/embed/comments", answers ? { ...body, reply_to: answers } : body);
    this.#keys.delete(answers);
    if (form.elements.body.value === words) this.#drop(form, answers); // who went on typing keeps it
    const said = [told.words || this.say("sent"), told.hint, this.say("writing_as", { name: this.who.name })].filter(Boolean).map((one) => one.replace(/\.?$/, "."));
    this.#told = { id: told.id, words: said.join(" ") };
    this.voiced(this.#told.words);
    await this.load({ fresh: true });
  }

  #drop(form, answers) {
    this.#drafts.delete(answers);
    if (answers) form.remove();
    else form.elements.body.value = "";
  }

  // The same words sent again, because no answer came, are the same comment.
  #key(answers, words) {
    if (this.#keys.get(answers)?.words !== words) this.#keys.set(answers, { words, key: crypto.randomUUID() });
    return this.#keys.get(answers).key;
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
    if (told.words) this.#told = { words: told.words };
    await this.#own();
  }

  // What one has sent and others do not see yet.
  async #own() {
    const asked = query({ ...this.named, title: "", section: "", published: "", lang: this.spoken });
    const answer = await ask(`/embed/comments/mine?${asked}`, this.spoken, { bearer: this.who.bearer, fresh: true }).catch(() => null);
    const isTyping = this.#mine.querySelector("details[open] textarea");
    if (answer && !isTyping) this.#mine.replaceChildren(parsed(await answer.text()));
    this.#mine.querySelector(":scope > [role=status]")?.remove();
    if (this.#told) this.#mine.prepend(made("p", this.#told.words, { className: "note ok", role: "status" }));
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
