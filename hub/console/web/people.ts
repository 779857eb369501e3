// Who may come in: an administrator adds persons and takes them out again; everybody changes the own password here.
import { roleTexts } from "../../../config/words.js";
import { roles } from "../../../edge/model/command.js";
import { h } from "../../../edge/page/dom.js";
import type { UserView } from "../views.js";
import { call, list } from "./api.js";
import type { Context } from "./context.js";
import { say, word } from "./language.js";
import { smallButton } from "./ordering.js";
import { field, newPassword, withSamePasswords } from "./sign-in.js";

/** Read when the view opens and after each change; null before the first time. */
let everybody: readonly UserView[] | null = null;
let isReading = false;

/** Whoever comes next reads anew. */
export function forgetPeople(): void {
  everybody = null;
  isReading = false;
}

function readUsers(context: Context, changed: () => void): void {
  isReading = true;
  void context.attempt(async () => {
    everybody = await list<UserView>("users");
    changed();
  });
}

function setDisabled(context: Context, { user, disabled }: UserView, changed: () => void): void {
  void context.attempt(async () => {
    await call("POST", `users/${encodeURIComponent(user)}/${disabled ? "enable" : "disable"}`);
    readUsers(context, changed);
  });
}

function userRow(context: Context, view: UserView, changed: () => void): HTMLElement {
  const { user, role, disabled } = view;
  const verb = disabled ? "enable" : "disable";
  return h(
    "li",
    { "data-key": user },
    h("span", {}, user),
    h("span", { class: "minor" }, word(roleTexts, role), disabled && h("span", { class: "tag warn" }, say("disabled"))),
    smallButton(say(verb), () => setDisabled(context, view, changed), say(`${verb}Named`, { user })),
  );
}

export function peopleView(context: Context, changed: () => void): HTMLElement {
  if (!isReading) readUsers(context, changed);
  const add = withSamePasswords(context.tell, ({ user = "", password = "", role = "" }, form) => {
    void context.attempt(async () => {
      await call("POST", "users", { user: user.trim(), password, role });
      form.reset();
      context.tell(say("personAdded", { user: user.trim() }));
      readUsers(context, changed);
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
    h("h3", {}, say("allPeople")),
    h("ul", { class: "rows", id: "everybody" }, ...(everybody ?? []).map((view) => userRow(context, view, changed))),
  );
}

export function passwordView(context: Context): HTMLElement {
  const change = withSamePasswords(context.tell, ({ current = "", password = "" }, form) => {
    void context.attempt(async () => {
      await call("POST", "users/me/password", { current, password });
      form.reset();
      context.tell(say("passwordChanged"));
    });
  });
  return h(
    "section",
    { "data-key": "password", class: "card people", "aria-labelledby": "password-title" },
    h("a", { class: "button quiet", href: "#" }, say("back")),
    h("h2", { id: "password-title" }, say("changePassword")),
    h(
      "form",
      { onsubmit: change },
      field(say("currentPassword"), "current", { type: "password", autocomplete: "current-password", maxlength: 128 }),
      ...newPassword(),
      h("button", { type: "submit", class: "primary" }, say("save")),
    ),
  );
}
