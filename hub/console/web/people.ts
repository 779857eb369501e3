// Adding a person: an administrator gives a name, a role and a first password. Two persons make dual approval possible.
import { roleTexts } from "../../../config/words.js";
import { roles } from "../../../edge/model/command.js";
import { call } from "./api.js";
import type { Context } from "./context.js";
import { h } from "./dom.js";
import { say, word } from "./language.js";
import { field, newPassword, withSamePasswords } from "./sign-in.js";

export function peopleView(context: Context): HTMLElement {
  const add = withSamePasswords(context.tell, ({ user = "", password = "", role = "" }, form) => {
    void context.attempt(async () => {
      await call("POST", "users", { user: user.trim(), password, role });
      form.reset();
      context.tell(say("personAdded", { user: user.trim() }));
    });
  });
  const options = roles.map((role) => h("option", { value: role }, word(roleTexts, role)));
  return h(
    "section",
    { "data-key": "people", class: "card people", "aria-labelledby": "people-title" },
    h("a", { class: "button quiet", href: "#" }, say("back")),
    h("h2", { id: "people-title" }, say("addPerson")),
    h("p", {}, say("addPersonHint")),
    h(
      "form",
      { onsubmit: add },
      field(say("user"), "user", { autocomplete: "off", maxlength: 64 }),
      h("label", {}, say("role"), h("select", { name: "role" }, ...options)),
      ...newPassword(),
      h("button", { type: "submit", class: "primary" }, say("save")),
    ),
  );
}
