// One quiet line that says how the page keeps up: by itself, by asking, not now, or not any more and why. Its sentences stand on it
// as data-say-…; what ends for good leaves a link to the next step.

const BACK = 5000; // as long as it is worth saying that the line is there again
const WHY = { 4401: "signin", 4403: "forbidden", 4404: "gone", 4409: "replaced" };
const clock = new Intl.DateTimeFormat(document.documentElement.lang || "vi", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

export function standing(line, say) {
  const words = line.querySelector("[data-words]");
  const links = line.querySelectorAll("a");
  let state = "";
  let timer = 0;

  function show(name, figures = {}) {
    state = name;
    line.dataset.state = name;
    words.textContent = (line.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? "").replace("{at}", figures.at);
    for (const link of links) link.hidden = link.dataset.for.split(" ").includes(name) === false;
  }

  function aloud(name, figures) {
    show(name, figures);
    say("line", words.textContent);
  }

  // `name`: live, asking, lost with `since`, over with `code`.
  return (name, { since, code } = {}) => {
    const was = state;
    clearTimeout(timer);
    if (name === "over") return aloud(WHY[code] ?? "ended");
    if (name === "lost") return was === "lost" ? undefined : aloud("lost", { at: clock.format(since) });
    if (was !== "lost" && was !== "back") return show(name);
    if (was === "lost") aloud("back");
    timer = setTimeout(() => show(name), BACK);
  };
}
