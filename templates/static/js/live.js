// Follows the page's room on one cursor, down a ladder: websocket, server-sent events, JSON. Without a script the page has a link.
// Apply next, ask on gap, drop old. What arrives never moves the page: a bar says that there is something new.

const main = document.querySelector("[data-room]");
const bar = document.querySelector("[data-fresh]");

const TRIES = 2; // in a row without a word: something on the way does not let this rung through
const CAP = 30000;
const POLL = 15000;
const GONE = new Set([4400, 4401, 4403, 4404, 4409]); // not to come back by itself

function follow(room, start, tell) {
  let { epoch, after } = start;
  let failures = 0;
  let timer = 0;
  let rung = 0;
  let over = false;
  let close = () => {};

  const position = () => `epoch=${encodeURIComponent(epoch)}&after=${after}`;

  function take(message, ask) {
    if (message.k === "hello") {
      failures = 0;
      epoch = message.epoch;
    } else if (message.k === "snap") {
      epoch = message.epoch;
      after = message.n;
      tell();
    } else if (message.k === "bye") {
      over = GONE.has(message.code);
      if (!over) later(...message.retry_ms);
    } else if (message.k === "fact" && message.n > after + 1) {
      ask();
    } else if (message.k === "fact" && message.n === after + 1) {
      after = message.n;
      tell();
    }
  }

  function each(text, ask) {
    const told = JSON.parse(text);
    for (const message of Array.isArray(told) ? told : [told]) take(message, ask);
  }

  // The server's own span wins; else full jitter after the cap, so that a restarted server is not met by everybody at once.
  function later(least = 500, most = 500 + Math.min(CAP, 1000 * 2 ** failures)) {
    clearTimeout(timer);
    timer = setTimeout(open, least + Math.random() * (most - least));
  }

  // A rung that said nothing so many times is given up for the one below; the last one stays.
  function broke() {
    close = () => {};
    if (over || timer) return;
    failures += 1;
    if (failures >= TRIES && rung < RUNGS.length - 1) {
      rung += 1;
      failures = 0;
    }
    later();
  }

  function socket() {
    const line = new WebSocket(`${room.replace(/^http/, "ws")}/socket?${position()}`, "engage.live.1");
    const ask = () => line.send(JSON.stringify({ k: "after", of: "room", epoch, n: after }));
    line.onmessage = (event) => each(event.data, ask);
    line.onclose = broke;
    close = () => {
      line.onclose = null;
      line.close();
    };
  }

  function stream() {
    const source = new EventSource(`${room}/stream?${position()}`);
    const ask = () => {
      source.close();
      later(0, 0);
    };
    source.onmessage = (event) => each(event.data, ask);
    source.onerror = () => {
      source.close();
      broke();
    };
    close = () => source.close();
  }

  async function poll() {
    try {
      const answer = await fetch(`${room}/events?${position()}`, { headers: { accept: "application/json" } });
      if (answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      for (const message of told.facts || [told]) take(message, () => {});
      failures = 0;
      later(POLL, POLL);
    } catch {
      broke();
    }
  }

  const RUNGS = [
    ["socket", socket, "WebSocket"],
    ["stream", stream, "EventSource"],
    ["poll", poll, "fetch"],
  ];

  function open() {
    timer = 0;
    while (!(RUNGS[rung][2] in window)) rung += 1;
    document.documentElement.dataset.live = RUNGS[rung][0];
    RUNGS[rung][1]();
  }

  function rest() {
    clearTimeout(timer);
    timer = 0;
    close();
  }

  function again() {
    rest();
    failures = 0;
    if (!over && !document.hidden) open();
  }

  document.addEventListener("visibilitychange", again);
  addEventListener("pagehide", rest);
  addEventListener("online", again);
  again();
}

if (main) {
  const prefix = location.pathname.startsWith("/en") ? "/en" : "";
  const room = `${location.origin}${prefix}/live/${main.dataset.room}/${main.dataset.roomId}`;
  follow(room, { epoch: main.dataset.epoch, after: Number(main.dataset.after) }, () => {
    if (bar) bar.hidden = false;
    // A page that can take the news in by itself has no bar: it listens for this.
    document.dispatchEvent(new CustomEvent("engage:news"));
  });
}
