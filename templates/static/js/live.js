// The page follows its room: what comes waits behind a bar, numbers that pass fill their places, and a quiet line says how it stands.
// Without a script the page has a link.

import { atOnce, restart } from "./at_once.js";
import { count, recount } from "./counts.js";
import { freshness } from "./fresh.js";
import { follow } from "./ladder.js";
import { standing } from "./standing.js";
import { voice } from "./voice.js";

const SPREAD = 10_000;
const ASKED_EVERY = 60_000;
const GONE = new Set([4403, 4404]);
const main = document.querySelector("[data-room]");
const bar = document.querySelector("[data-fresh]");
const line = document.querySelector("[data-line]");

let recounted = 0;

// What passed while there was no line is not told again, and JSON does not tell it at all: the page itself is asked, by not all
// readers at once.
function recountLater() {
  if (!document.querySelector("[data-count]") || Date.now() - recounted < ASKED_EVERY) return;
  recounted = Date.now();
  setTimeout(async () => {
    const answer = await fetch(location.href).catch(() => null);
    if (answer?.ok) recount(new DOMParser().parseFromString(await answer.text(), "text/html"));
  }, Math.random() * SPREAD);
}

function begin() {
  const prefix = document.documentElement.lang === "en" ? "/en" : "";
  const room = `${location.origin}${prefix}/live/${main.dataset.room}/${main.dataset.roomId}`;
  const say = voice(document.querySelector("[data-voice]"), document.querySelector("[data-voice-switch]"));
  const fresh = bar ? freshness(bar, main, say) : null;
  const stands = line ? standing(line, say) : () => {};
  const news = (what) => document.dispatchEvent(new CustomEvent("engage:news", { detail: what }));
  let wasLost = false;

  const { epoch, after, me } = main.dataset;
  const start = { epoch, after: Number(after), me: me === undefined ? undefined : Number(me) };
  follow(room, start, {
    fact(fact) {
      const rest = atOnce(fact);
      if (rest) fresh?.fact(rest);
      news(fact); // a desk that takes it in by itself listens for this
    },
    pass({ type, data }) {
      count(type, data);
      news({ type });
    },
    snap(message) {
      fresh?.snap(message);
      if (message.url) setTimeout(() => restart(message.url), Math.random() * 3000);
      news(message);
    },
    tries(rung) {
      document.documentElement.dataset.live = rung;
    },
    stands(name, more) {
      stands(name, more);
      if (GONE.has(more?.code)) fresh?.gone();
      if (name === "asking" || (name === "live" && wasLost)) recountLater();
      wasLost = name === "lost";
    },
  });
}

if (main) begin();
