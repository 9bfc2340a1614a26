// Who writes on this page: one session a site, however many widgets. The bearer is kept in memory and nowhere else.

import { PATIENCE, ask } from "./asking.js";

const sessions = new Map();

export function session(site) {
  if (!sessions.has(site)) sessions.set(site, new Session());
  return sessions.get(site);
}

class Session {
  #bearer = "";
  #until = 0;
  name = "";

  get bearer() {
    return Date.now() < this.#until ? this.#bearer : "";
  }

  end() {
    this.#until = 0;
  }

  // The portal's own address says who is signed in there. False: nobody is.
  async fromPortal(where, lang) {
    const answer = await fetch(where, { headers: { accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!answer.ok || answer.status === 204) return false;
    const { token } = await answer.json();
    if (!token) return false;
    await this.#enter({ token }, lang);
    return true;
  }

  async fromCode(proof, code, lang) {
    await this.#enter({ ask: proof, code }, lang);
  }

  async #enter(entry, lang) {
    const told = await (await ask("/embed/session", lang, { body: entry })).json();
    this.#bearer = told.bearer;
    this.#until = Date.parse(told.ends_at) - 5_000;
    this.name = told.name;
  }
}
