// Whoever has the end of a page of a thread before them has read so far: the button there presses itself.

const form = document.querySelector("form[data-read]");

const seen = new IntersectionObserver(async (entries) => {
  if (!entries.some((one) => one.isIntersecting)) return;
  seen.disconnect();
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") form.hidden = true; // else the button stays, for who wants it
});

if (form) seen.observe(form);
