// Who is writing: the portal's token where somebody is signed in there, else, where the site takes guests, a mail with a code.

import { Refusal, ask, reasonOf } from "./asking.js";
import { made } from "./frame.js";

// A bearer, or "" where somebody has to say first who they are.
export async function writer(widget) {
  const { spoken, who } = widget;
  const portal = widget.getAttribute("token-from");
  if (who.bearer || (portal && (await who.fromPortal(portal, spoken)))) return who.bearer;
  if (!widget.section.hasAttribute("data-guests")) throw new Refusal(403, { words: widget.say("sign_in"), error: "sign_in" });
  return "";
}

// Two steps in one form: an address, and the code that was sent there. From the second one comes back, with what was typed. `done` is
// called once the code was right, `dropped` by whoever gives up.
export function introduction(widget, done, dropped) {
  const form = made("form", "", { className: "engage-who", noValidate: true });
  const name = field(widget, "name", { autocomplete: "name" });
  const email = field(widget, "email", { type: "email", autocomplete: "email" });
  const code = field(widget, "code", { inputMode: "numeric", autocomplete: "one-time-code" });
  const wrong = made("p", "", { className: "error", id: "engage-wrong", role: "alert" });
  const fields = { name, email, code };
  let proof = "";

  function row(act, other, onclick) {
    const box = made("p", "", { className: "row tight" });
    box.append(made("button", widget.say(act), { className: "btn main" }), made("button", widget.say(other), { className: "btn quiet", type: "button", onclick }));
    return box;
  }

  function asking() {
    proof = code.input.value = "";
    say();
    form.replaceChildren(made("p", widget.say("who")), name.box, email.box, made("p", widget.say("mail_hint"), { className: "hint" }), wrong, row("send_code", "cancel", dropped));
    (name.input.value ? email : name).input.focus();
  }

  function proving() {
    const sent = made("p", widget.say("code_sent", { mail: email.input.value.trim() }), { role: "status" });
    form.replaceChildren(sent, code.box, wrong, row("confirm", "other_code", asking));
    code.input.focus();
  }

  async function step() {
    if (proof) {
      await widget.who.fromCode(proof, code.input.value.trim(), widget.spoken);
      return done();
    }
    const body = { name: name.input.value, email: email.input.value };
    proof = (await (await ask("/embed/code", widget.spoken, { body })).json()).ask;
    proving();
  }

  function say(words = "", at = "") {
    wrong.textContent = words;
    for (const [one, { input }] of Object.entries(fields)) input.ariaInvalid = String(one === at);
    fields[at]?.input.focus();
  }

  form.onsubmit = async (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (form.ariaBusy === "true") return;
    say();
    form.ariaBusy = "true";
    await step().catch((trouble) => {
      if (trouble.reason === "citizen_code_over") asking();
      say(reasonOf(trouble) || widget.say("unsent"), trouble.field);
    });
    form.ariaBusy = "false";
  };
  asking();
  return form;
}

function field(widget, name, properties) {
  const box = made("div", "", { className: "field" });
  const id = `engage-${name}`;
  const input = made("input", "", { id, name, required: true, ...properties });
  input.setAttribute("aria-describedby", "engage-wrong");
  box.append(made("label", widget.say(name), { htmlFor: id }), input);
  return { box, input };
}
