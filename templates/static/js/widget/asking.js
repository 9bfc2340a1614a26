// Asking our service from somebody else's page: at whole addresses, without a cookie, for no longer than eight seconds.

export const HOME = new URL(import.meta.url).origin;
export const PATIENCE = 8_000;

// The service has answered, and said no in words.
export class Refusal extends Error {
  constructor(status, told) {
    super(told.words ?? "");
    this.status = status;
    this.reason = told.error ?? "";
    this.field = told.field ?? "";
  }
}

export const home = (path, lang) => `${HOME}${lang === "en" ? "/en" : ""}${path}`;

// `fresh`: what a browser has kept is asked for again. Sent with `body`, read without.
export async function ask(path, lang, { body, bearer, fresh } = {}) {
  const headers = bearer ? { authorization: `Bearer ${bearer}` } : {};
  if (body) headers["content-type"] = "application/json";
  const answer = await fetch(home(path, lang), {
    method: body ? "POST" : "GET",
    body: body && JSON.stringify(body),
    headers,
    credentials: "omit",
    cache: fresh ? "no-cache" : "default",
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) return answer;
  throw new Refusal(answer.status, await answer.json().catch(() => ({})));
}

// What no asking again will change.
export const isFinal = (trouble) => trouble instanceof Refusal && trouble.status < 500 && trouble.status !== 429;

// What the service said against it; nothing where it did not come to that.
export const reasonOf = (trouble) => (trouble instanceof Refusal && trouble.status < 500 ? trouble.message : "");

export function query(pairs) {
  const said = Object.entries(pairs).filter(([, value]) => value !== "" && value != null);
  return new URLSearchParams(said).toString();
}

// Evenly between nothing and what doubles with each failure: a service that comes back is not met by everybody at once.
export const wait = (failures, most = 60_000) => 1_000 + Math.random() * Math.min(most, 2_000 * 2 ** failures);
