// Follows the page's room: one cursor, server-sent events first, plain JSON when they do not come through.
// Apply next, ask on gap, drop old. What arrives never moves the page: a bar says that there is something new.

const main = document.querySelector("[data-room]");
const bar = document.querySelector("[data-fresh]");

if (main) {
  const room = `${location.pathname.startsWith("/en") ? "/en" : ""}/live/${main.dataset.room}/${main.dataset.roomId}`;
  let epoch = main.dataset.epoch;
  let after = Number(main.dataset.after);
  let failures = 0;
  let timer = 0;
  let source = null;

  const position = () => `epoch=${encodeURIComponent(epoch)}&after=${after}`;

  // A page that can take the news in by itself has no bar: it listens for this.
  function show() {
    if (bar) bar.hidden = false;
    document.dispatchEvent(new CustomEvent("engage:news"));
  }

  function take(message) {
    if (message.k === "hello") {
      epoch = message.epoch;
    } else if (message.k === "snap") {
      epoch = message.epoch;
      after = message.n;
      show();
    } else if (message.k === "fact" && message.n > after) {
      after = message.n;
      show();
    }
  }

  function each(text) {
    const messages = JSON.parse(text);
    (Array.isArray(messages) ? messages : [messages]).forEach(take);
  }

  // Full jitter after the cap, so that a restarted server is not met by everybody at once.
  function later(run) {
    const most = Math.min(30000, 1000 * 2 ** failures);
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(run, 500 + Math.random() * most);
  }

  async function poll() {
    try {
      const answer = await fetch(`${room}/events?${position()}`, { headers: { accept: "application/json" } });
      if (answer.status === 404) return;
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      if (told.k === "snap") take(told);
      (told.facts || []).forEach(take);
      failures = 0;
      timer = setTimeout(poll, 15000);
    } catch {
      later(poll);
    }
  }

  function listen() {
    if (!("EventSource" in window)) {
      poll();
      return;
    }
    source = new EventSource(`${room}/stream?${position()}`);
    source.onmessage = (event) => {
      failures = 0;
      each(event.data);
    };
    source.onerror = () => {
      source.close();
      // Twice in a row without a word: something on the way does not let streams through.
      later(failures < 2 ? listen : poll);
    };
  }

  function rest() {
    clearTimeout(timer);
    if (source) source.close();
  }

  document.addEventListener("visibilitychange", () => {
    rest();
    if (!document.hidden) listen();
  });
  addEventListener("pagehide", rest);
  addEventListener("online", () => {
    failures = 0;
    rest();
    listen();
  });
  listen();
}
