// A line to a room: facts in their order, once each. A websocket; where none comes through, the room is asked every quarter of a minute.

import { home, wait } from "./asking.js";

const QUIET = 50_000;
const ASKED_EVERY = 15_000;
const LONGEST = 30_000;
const TRIES = 2;

// `heard`: fact, and snap where what is shown must be loaded again. Gives a function that lets the line go.
export function line(room, lang, start, heard) {
  const address = home(`/live/${room}`, lang);
  let { epoch, at } = start;
  let [failures, blocked, isOver, socket, timer, silence] = [0, 0, false, null, 0, 0];

  const position = () => `epoch=${encodeURIComponent(epoch)}&after=${at}`;
  const later = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(open, milliseconds);
  };

  function take(message) {
    if (message.k === "hello") [epoch, failures, blocked] = [message.epoch, 0, 0];
    if (message.k === "snap") {
      [epoch, at] = [message.epoch, message.n];
      heard.snap();
    } else if (message.k === "fact") {
      if (message.n === at + 1) {
        at = message.n;
        heard.fact(message);
      } else if (message.n > at) socket?.close(); // a gap: whoever comes back with the position is told what is missing
    } else if (message.k === "bye") {
      isOver = !message.retry_ms;
      const [least, most] = message.retry_ms ?? [0, 0];
      close();
      if (!isOver) later(least + Math.random() * (most - least));
    }
  }

  function failed() {
    failures += 1;
    blocked += 1;
    if (!isOver) later(wait(failures, LONGEST));
  }

  function listen() {
    let mine;
    try {
      mine = socket = new WebSocket(`${address.replace(/^http/, "ws")}/socket?${position()}`, "engage.live.1");
    } catch {
      return failed(); // some browsers throw where the page's policy forbids it
    }
    const alive = () => {
      clearTimeout(silence);
      silence = setTimeout(() => mine.close(), QUIET);
    };
    alive();
    mine.onmessage = (event) => {
      alive();
      for (const message of [JSON.parse(event.data)].flat()) if (mine === socket || isOver === false) take(message);
    };
    mine.onclose = () => {
      clearTimeout(silence);
      if (mine !== socket) return;
      socket = null;
      failed();
    };
  }

  async function poll() {
    let pause = ASKED_EVERY * (0.8 + Math.random() * 0.4);
    try {
      const answer = await fetch(`${address}/events?${position()}`, { credentials: "omit" });
      if (answer.status === 404) return;
      if (!answer.ok) throw answer;
      const told = await answer.json();
      for (const message of told.facts ?? [told]) take(message);
      failures = 0;
    } catch {
      [failures, blocked] = [failures + 1, 0]; // the service is away, and that says nothing of sockets
      pause = wait(failures, LONGEST);
    }
    if (!isOver) later(pause);
  }

  function open() {
    if (isOver || document.hidden) return;
    if (blocked < TRIES || Math.random() < 0.1) listen();
    else poll();
  }

  function close() {
    clearTimeout(timer);
    clearTimeout(silence);
    const old = socket;
    socket = null;
    old?.close();
  }

  const look = () => {
    if (document.hidden) close();
    else if (!socket && !isOver) later(Math.random() * 1_000);
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("online", look);
  open();
  return () => {
    isOver = true;
    document.removeEventListener("visibilitychange", look);
    removeEventListener("online", look);
    close();
  };
}
