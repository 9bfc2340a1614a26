// Who is writing: the portal's token where somebody is signed in there, else, where the site takes guests, a mail with a code.

import { Refusal, ask } from "./asking.js";
import { made } from "./frame.js";

// A bearer, or "" while somebody says who they are: then `done` is called once they have.
export async function writer(widget, where, done) {
  const { spoken, who } = widget;
  const portal = widget.getAttribute("token-from");
  if (who.bearer || (portal && (await who.fromPortal(portal, spoken)))) return who.bearer;
  if (!widget.section.hasAttribute("data-guests")) throw new Refusal(403, { words: widget.say("sign_in"), error: "sign_in" });
  introduce(widget, where, done);
  return "";
}

function introduce(widget, where, done) {
  where.querySelector(".engage-who")?.remove();
  const form = made("form", "", { className: "engage-who", noValidate: true });
  const name = field(widget, "name", { autocomplete: "name" });
  const mail = field(widget, "mail", { type: "email", autocomplete: "email" });
  const act = made("button", widget.say("send_code"), { className: "btn" });
  const wrong = made("p", "", { className: "error", role: "alert" });
  form.append(made("p", widget.say("who")), name.box, mail.box, made("p", widget.say("mail_hint"), { className: "hint" }), wrong, act);
  form.onsubmit = (event) => step(event, async () => {
    const told = await ask("/embed/code", widget.spoken, { body: { name: name.input.value, email: mail.input.value } });
    confirm(widget, form, (await told.json()).ask, done);
  });
  where.append(form);
  name.input.focus();
}

function confirm(widget, form, proof, done) {
  const code = field(widget, "code", { inputMode: "numeric", autocomplete: "one-time-code" });
  const act = made("button", widget.say("confirm"), { className: "btn main" });
  form.replaceChildren(code.box, made("p", "", { className: "error", role: "alert" }), act);
  form.onsubmit = (event) => step(event, async () => {
    await widget.who.fromCode(proof, code.input.value.trim(), widget.spoken);
    form.remove();
    done();
  });
  code.input.focus();
}

async function step(event, act) {
  event.preventDefault();
  event.stopPropagation();
  const [button, wrong] = [event.target.querySelector("button"), event.target.querySelector(".error")];
  button.disabled = true;
  wrong.textContent = "";
  await act().catch((trouble) => (wrong.textContent = trouble.message));
  button.disabled = false;
}

function field(widget, name, properties) {
  const box = made("div", "", { className: "field" });
  const id = `engage-${name}`;
  const input = made("input", "", { id, name, required: true, ...properties });
  box.append(made("label", widget.say(name), { htmlFor: id }), input);
  return { box, input };
}
