// A stream plays where the browser can play one by itself; elsewhere its place is given back, and the link below leads to it.

for (const video of document.querySelectorAll("[data-stream]")) {
  video.hidden = !video.canPlayType(video.dataset.stream);
}
