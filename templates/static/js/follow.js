// Following in one click: the form is fetched and sent at once. Without a script the link leads to that form.

// The answer's address once the question is followed; null when a person must look at the form.
async function follow(link) {
  const page = await fetch(link.href, { headers: { accept: "text/html" } });
  const form = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("[data-one-click]");
  if (!form) return page.ok ? page.url : null;
  const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  return answer.ok ? answer.url : null;
}

const isPlain = (event) => !(event.ctrlKey || event.metaKey || event.shiftKey);

// On a question's own page the next thing to see is the page on following it.
async function leadOn(link) {
  window.location = (await follow(link).catch(() => null)) ?? link.href;
}

// Beside a text that is being typed nobody is led away: the link says that it is done.
async function stayHere(link) {
  link.setAttribute("aria-busy", "true");
  const done = await follow(link).catch(() => null);
  link.removeAttribute("aria-busy");
  if (!done) return void window.open(link.href, "_blank");
  link.querySelector("span").textContent = link.dataset.done;
  link.dataset.followed = "yes";
  const told = document.querySelector("[data-near-told]");
  if (told) told.textContent = link.dataset.done;
}

export function following() {
  // Pieces and suggestions come and go, so the page listens for them.
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-follow]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    leadOn(link);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("[data-follow-here]");
    if (!link || !isPlain(event)) return;
    event.preventDefault();
    if (!link.dataset.followed && !link.hasAttribute("aria-busy")) stayHere(link);
  });
}
