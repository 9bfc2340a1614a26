// An agency's desk: choosing several rows, and putting a coordinating agency's part into the answer.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

function picking(form) {
  const boxes = all("input[name=ids]", form);
  const head = form.querySelector("[data-pick-all]");
  const count = form.querySelector("[data-picked-count]");
  if (!head || !boxes.length) return;
  const every = head.querySelector("input");
  const tell = () => {
    const picked = boxes.filter((box) => box.checked).length;
    every.checked = picked === boxes.length;
    every.indeterminate = picked > 0 && picked < boxes.length;
    count.textContent = picked ? ` ${count.dataset.words.replace("{n}", picked)}` : "";
  };
  head.hidden = false;
  form.querySelector("[data-pick-none]")?.remove();
  every.addEventListener("change", () => {
    for (const box of boxes) box.checked = every.checked;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
  tell();
}

// Where the cursor was, as a paragraph of its own; what was typed stays, and the browser can undo it.
function insert(button) {
  const box = document.getElementById(button.dataset.insert);
  const before = box.value.slice(0, box.selectionStart);
  const text = `${before && !before.endsWith("\n\n") ? "\n\n" : ""}${button.dataset.text}\n\n`;
  box.focus();
  if (!document.execCommand("insertText", false, text)) box.setRangeText(text);
  box.dispatchEvent(new Event("input", { bubbles: true }));
  button.querySelector("span").textContent = button.dataset.done;
}

for (const form of all("[data-picking]")) picking(form);
document.addEventListener("engage:renewed", (event) => {
  for (const form of all("[data-picking]", event.target)) picking(form);
});
for (const button of all("[data-insert][data-text]")) {
  button.hidden = !document.getElementById(button.dataset.insert);
  button.addEventListener("click", () => insert(button));
}
