// A line to a room: one position, down a ladder and up again (websocket, server-sent events, JSON). What is heard is given on in
// order, once; how the line stands is told by name. Knows no page.

import { Cursor } from "./cursor.js";

const TRIES = 2; // in a row without a word: something on the way does not let this rung through
const CAP = 30_000;
const POLL = 15_000;
const SILENT = 10_000; // without a word after opening: it hangs somewhere on the way
const LOST = 10_000; // without a line, before it is called lost: servers that restart send everybody away for less
const RESTS = 60_000; // out of sight for so long, the line is let go until somebody looks
const QUIET = 50_000; // something comes every twenty: without a word for so long the line only seems to be there
const SOON = 5_000; // a server that is back is asked for a better rung at once, though not by everybody together
const FULL = 4429;
const CLIMB = { first: 30_000, most: 600_000 }; // on a lower rung, before the better ones are tried again
const GONE = new Set([4400, 4401, 4403, 4404, 4409, 4413]); // not to come back by itself

// `start`: epoch, after and, where the reader has a channel of their own, me. `heard`: fact, pass, snap, stands.
export function follow(room, start, heard) {
  let { epoch } = start;
  const at = { room: new Cursor(start.after), me: start.me === undefined ? null : new Cursor(start.me) };
  let failures = 0;
  let rung = 0;
  let climb = CLIMB.first;
  let isTrial = false; // a better rung is being tried again: one failure is enough
  let lastWord = Date.now();
  let over = false;
  let wasHeard = false; // there was a line since the page was opened
  let fell = false; // down the ladder since then, maybe for no better reason than a server that was away
  let hiddenSince = 0;
  let close = null; // lets go of the line there is
  const timers = {};

  const after = (name, wait, act) => {
    clearTimeout(timers[name]);
    timers[name] = setTimeout(() => {
      timers[name] = 0;
      act();
    }, wait);
  };
  const cancel = (...names) => {
    for (const name of names) {
      clearTimeout(timers[name]);
      timers[name] = 0;
    }
  };
  const position = () => {
    const me = at.me ? `&me=${at.me.at}` : "";
    return `epoch=${encodeURIComponent(epoch)}&after=${at.room.at}${me}`;
  };

  // --- what is heard ---

  function take(message, ask) {
    if (message.k === "hello") {
      epoch = message.epoch;
      reached();
    } else if (message.k === "snap") {
      epoch = message.epoch;
      at.room.goTo(message.n);
      heard.snap(message);
    } else if (message.k === "pass") {
      heard.pass(message);
    } else if (message.k === "bye") {
      if (GONE.has(message.code)) return end(message.code);
      if (message.code === FULL) stepDown(); // lines are what there are too many of: who only asks needs none
      again(...(message.retry_ms ?? []));
    } else if (message.k === "fact") {
      const of = at.me && message.c.startsWith("person:") ? "me" : "room";
      if (at[of].takes(message.n)) heard.fact(message);
      else if (at[of].misses(Date.now())) ask(of);
    }
  }

  function each(text, ask) {
    lastWord = Date.now();
    const told = JSON.parse(text);
    for (const message of Array.isArray(told) ? told : [told]) take(message, ask);
    for (const of of ["room", "me"]) if (at[of]?.misses(Date.now())) ask(of);
  }

  // --- how the line stands ---

  function reached() {
    failures = 0;
    isTrial = false;
    lastWord = Date.now();
    cancel("lost", "silent");
    if (rung === 0) climb = CLIMB.first;
    else if (fell || !timers.climb) after("climb", (fell ? SOON : climb) * (0.5 + Math.random() / 2), tryBetter);
    wasHeard = true;
    if (fell) return void (fell = false); // whether the network lets through more is known in a moment
    heard.stands(RUNGS[rung].name === "poll" ? "asking" : "live");
  }

  function missing() {
    if (!timers.lost || !navigator.onLine) after("lost", navigator.onLine ? LOST : 0, () => heard.stands("lost", { since: lastWord }));
  }

  function end(code) {
    over = true;
    rest();
    cancel("rest");
    heard.stands("over", { code });
  }

  // The server's own span wins; else full jitter after the cap, so that a restarted server is not met by everybody at once.
  function again(least = 500, most = 500 + Math.min(CAP, 1000 * 2 ** failures)) {
    if (over) return;
    cancel("silent");
    after("open", least + Math.random() * (most - least), open);
    missing();
  }

  // A rung that said nothing so many times is given up for the one below; the last one stays.
  function broke() {
    close = null;
    if (over || timers.open) return;
    failures += 1;
    if (failures >= (isTrial ? 1 : TRIES)) stepDown();
    again();
  }

  function stepDown() {
    if (rung === RUNGS.length - 1) return;
    fell = wasHeard && !isTrial;
    rung += 1;
    failures = 0;
  }

  // Below is better than nothing, but what stood in the way may be gone.
  function tryBetter() {
    climb = Math.min(climb * 2, CLIMB.most);
    top();
    isTrial = true;
  }

  function top() {
    letGo();
    cancel("climb");
    rung = 0;
    open();
  }

  // --- the rungs ---

  function socket() {
    const line = new WebSocket(`${room.replace(/^http/, "ws")}/socket?${position()}`, "engage.live.1");
    const ask = (of) => line.send(JSON.stringify({ k: "after", of, epoch, n: at[of].at }));
    line.onmessage = (event) => {
      each(event.data, ask);
      if (close) after("silent", QUIET, hangs);
    };
    line.onclose = broke;
    close = () => {
      line.onmessage = line.onclose = null;
      line.close();
    };
  }

  function stream() {
    const source = new EventSource(`${room}/stream?${position()}`);
    close = () => source.close();
    const ask = () => {
      letGo();
      again(0, 0); // coming back with the position is asking
    };
    source.onmessage = (event) => each(event.data, ask);
    source.onerror = () => {
      source.close();
      broke();
    };
  }

  async function poll() {
    const given = new AbortController();
    close = () => given.abort();
    try {
      const answer = await fetch(`${room}/events?${position()}`, { headers: { accept: "application/json" }, signal: given.signal });
      if (answer.status === 404) return void end(4404);
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      for (const message of told.facts ?? [told]) take(message, () => {});
      reached();
      after("open", told.top > at.room.at ? 0 : POLL, open);
    } catch {
      if (!given.signal.aborted) broke();
    }
  }

  const RUNGS = [
    { name: "socket", open: socket, needs: "WebSocket" },
    { name: "stream", open: stream, needs: "EventSource" },
    { name: "poll", open: poll, needs: "fetch" },
  ];

  function open() {
    cancel("open");
    letGo();
    while (!(RUNGS[rung].needs in window)) rung += 1;
    heard.tries(RUNGS[rung].name);
    after("silent", SILENT, hangs);
    RUNGS[rung].open();
  }

  function hangs() {
    letGo();
    broke();
  }

  function letGo() {
    close?.();
    close = null;
  }

  // --- in sight and out of it ---

  function rest() {
    cancel("open", "climb", "lost", "silent");
    letGo();
  }

  function wake() {
    cancel("rest");
    if (hiddenSince && Date.now() - hiddenSince > RESTS) rest(); // a machine that slept has not let go of anything
    hiddenSince = 0;
    if (!over && !close && !timers.open) open();
  }

  function look() {
    if (!document.hidden) return void wake();
    hiddenSince = Date.now();
    after("rest", RESTS, rest);
  }

  // Another network: what stood in the way of the better rungs may be gone.
  function reconnect() {
    if (over || document.hidden) return;
    failures = 0;
    climb = CLIMB.first;
    top();
  }

  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", rest);
  addEventListener("pageshow", (event) => event.persisted && look());
  addEventListener("online", reconnect);
  addEventListener("offline", missing);
  if (document.hidden) return; // opened in a tab that nobody has looked at yet
  missing();
  open();
}
