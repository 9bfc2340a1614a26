// The form under a comment that is being answered: the one above the list again, with names of its own.

import { made } from "./frame.js";

const NAMES = ["id", "for", "aria-describedby"];

export function reply(widget, form, item, comment, dropped) {
  const mine = form.cloneNode(true);
  mine.classList.add("engage-reply");
  mine.querySelector(".engage-wrong")?.remove();
  delete mine.dataset.busy;
  for (const name of NAMES) for (const one of mine.querySelectorAll(`[${name}]`)) one.setAttribute(name, `${one.getAttribute(name)}-${comment}`);
  const label = mine.querySelector("label");
  if (label) label.textContent = widget.say("reply", { name: item.querySelector("b")?.textContent ?? "" });
  const cancel = made("button", widget.say("cancel"), { className: "btn quiet", type: "button" });
  cancel.onclick = () => {
    dropped();
    mine.remove();
    item.querySelector("[data-act=reply]")?.focus();
  };
  mine.querySelector("button")?.after(cancel);
  mine.elements.reply_to.value = comment;
  mine.elements.body.value = "";
  const below = item.querySelector(":scope > ol");
  if (below) below.before(mine);
  else item.append(mine);
  return mine;
}
