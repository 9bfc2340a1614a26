// Files go up as soon as they are chosen, with their progress; each can be taken out again. Without this
// script the same field and buttons send the whole form, and the page comes back with everything typed.

const MEGABYTE = 1024 * 1024;

function start(field) {
  const form = field.closest("form");
  const status = field.querySelector("[data-files-status]");
  const words = status.querySelector("[data-files-words]");
  const progress = status.querySelector("progress");

  const tell = (text, underway = false) => {
    status.hidden = !text;
    progress.hidden = !underway;
    words.textContent = text;
  };

  const guarded = () => {
    const body = new FormData();
    const all = new FormData(form);
    body.set("csrf", all.get("csrf"));
    body.set("key", crypto.randomUUID?.() ?? String(Math.random()).padEnd(24, "0"));
    body.set("surface", field.dataset.surface);
    for (const [name, value] of all) {
      if (name === "draft" || name.startsWith("about-")) body.set(name, value);
    }
    return body;
  };

  const show = (answer) => {
    const fresh = new DOMParser().parseFromString(answer, "text/html").querySelector("[data-tray]");
    if (!fresh) return false;
    field.querySelector("[data-tray]").replaceWith(fresh);
    return true;
  };

  const send = (body, then) => {
    const request = new XMLHttpRequest();
    progress.value = 0;
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress.value = (event.loaded / event.total) * 100;
    });
    request.addEventListener("load", () => {
      const box = field.querySelector("#files");
      if (!show(request.responseText)) {
        box.value = "";
        return tell(field.dataset.failed);
      }
      tell("");
      then();
    });
    request.addEventListener("error", () => {
      field.querySelector("#files").value = "";
      tell(field.dataset.failed);
    });
    request.open("POST", field.dataset.files);
    request.send(body);
    tell(words.dataset.filesWords, true);
  };

  field.addEventListener("change", (event) => {
    const box = event.target;
    if (box.id !== "files" || !box.files.length) return;
    const large = [...box.files].find((file) => file.size > Number(field.dataset.fileMb) * MEGABYTE);
    if (large) {
      box.value = "";
      return tell(field.dataset.tooLarge.replace("{name}", large.name));
    }
    const body = guarded();
    for (const file of box.files) body.append("files", file);
    send(body, () => field.querySelector("#files").focus());
  });

  field.addEventListener("click", (event) => {
    const button = event.target.closest("[data-file-remove]");
    if (!button) return;
    event.preventDefault();
    const body = guarded();
    body.set("remove", button.value);
    send(body, () => field.querySelector("#files").focus());
  });
}

for (const field of document.querySelectorAll("[data-files]")) start(field);
