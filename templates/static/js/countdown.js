// How long until a dialogue begins, in days, hours and minutes: no seconds, for nobody should have to watch them. The page's own
// words stand on the element; without a script the absolute time beside it says the same.

const MINUTE = 60000;

function tell(line) {
  const minutes = Math.ceil((Date.parse(line.dataset.countdown) - Date.now()) / MINUTE);
  line.hidden = minutes <= 0;
  if (line.hidden) return;
  const parts = [[line.dataset.days, Math.floor(minutes / 1440)], [line.dataset.hours, Math.floor(minutes / 60) % 24], [line.dataset.minutes, minutes % 60]];
  const said = parts.filter(([, number]) => number > 0).map(([words, number]) => words.replace("{n}", number));
  line.textContent = line.dataset.left.replace("{time}", said.join(" "));
}

for (const line of document.querySelectorAll("[data-countdown]")) {
  tell(line);
  setInterval(() => tell(line), MINUTE / 4);
}

// The page follows its room: once that opens, the way in stands here, at the same address.
document.addEventListener("engage:news", ({ detail }) => {
  for (const way of document.querySelectorAll("[data-opens]")) {
    if (way.dataset.opens.split(" ").includes(detail.type)) way.hidden = false;
  }
});
