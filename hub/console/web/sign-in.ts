// Who is there: the one-time code of the first start, the first password, later name and password.

import { type Child, h } from "../../../edge/page/dom.js";
import type { SessionView } from "../views.js";
import { call } from "./api.js";
import type { Person } from "./context.js";
import { say } from "./language.js";

const passwordCharsMin = 12;
const passwordCharsMax = 128;
const codeCharsMax = 128;
const rememberedAs = "portcullis.person";

/** Name and role only, so that a reload knows whom the cookie belongs to. */
export function rememberPerson(person: Person | null): void {
  if (person === null) localStorage.removeItem(rememberedAs);
  else localStorage.setItem(rememberedAs, JSON.stringify(person));
}

export function rememberedPerson(): Person | null {
  const text = localStorage.getItem(rememberedAs);
  return text === null ? null : (JSON.parse(text) as Person);
}

/** The code of `/?code=...`, which leaves the address bar at once. */
export function codeFromAddress(): string {
  const url = new URL(location.href);
  const code = url.searchParams.get("code") ?? "";
  url.searchParams.delete("code");
  history.replaceState(null, "", url);
  return code;
}

export interface SignInActions {
  /** Does something at the hub; a refusal is shown to the reader. */
  attempt(work: () => Promise<void>): Promise<void>;
  signedIn(person: Person): void;
  warn(message: string): void;
}

type Fields = Readonly<Record<string, string>>;

function onSubmit(work: (fields: Fields, form: HTMLFormElement) => void): (event: Event) => void {
  return (event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    work(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])), form);
  };
}

async function openSession(actions: SignInActions, body: Fields): Promise<void> {
  await actions.attempt(async () => {
    const { user, role, mustSetPassword } = await call<SessionView>("POST", "sessions", body);
    actions.signedIn({ user, role, mustSetPassword });
  });
}

export function field(
  label: string,
  name: string,
  props: Readonly<Record<string, string | number | boolean>>,
): HTMLElement {
  return h("label", {}, label, h("input", { name, required: true, ...props }));
}

export function newPassword(): readonly Child[] {
  const props = {
    type: "password",
    autocomplete: "new-password",
    minlength: passwordCharsMin,
    maxlength: passwordCharsMax,
  };
  return [field(say("password"), "password", props), field(say("repeat"), "repeat", props)];
}

/** Hands on the fields when both passwords are the same. */
export function withSamePasswords(
  warn: (message: string) => void,
  work: (fields: Fields, form: HTMLFormElement) => void,
) {
  return onSubmit((fields, form) => {
    if (fields["password"] === fields["repeat"]) work(fields, form);
    else warn(say("passwordsDiffer"));
  });
}

export function signInView(actions: SignInActions, code: string): HTMLElement {
  const byCode = h(
    "form",
    {
      "data-key": "code",
      onsubmit: onSubmit(({ code: given = "" }) => void openSession(actions, { code: given.trim() })),
    },
    h("h2", {}, say("withCode")),
    h("p", { class: "minor" }, say("withCodeHint")),
    field(say("withCode"), "code", {
      value: code,
      autocomplete: "one-time-code",
      spellcheck: "false",
      maxlength: codeCharsMax,
    }),
    h("button", { type: "submit", class: code === "" ? "" : "primary" }, say("signIn")),
  );
  const byPassword = h(
    "form",
    {
      "data-key": "password",
      onsubmit: onSubmit(({ user = "", password = "" }) => void openSession(actions, { user: user.trim(), password })),
    },
    h("h2", {}, say("withPassword")),
    field(say("user"), "user", { autocomplete: "username", maxlength: 64 }),
    field(say("password"), "password", {
      type: "password",
      autocomplete: "current-password",
      maxlength: passwordCharsMax,
    }),
    h("button", { type: "submit", class: code === "" ? "primary" : "" }, say("signIn")),
  );
  return h(
    "main",
    { "data-key": "sign-in", class: "gate" },
    h("h1", {}, say("product")),
    ...(code === "" ? [byPassword, byCode] : [byCode, byPassword]),
  );
}

export function firstPasswordView(actions: SignInActions, person: Person): HTMLElement {
  const save = withSamePasswords(actions.warn, ({ password = "" }) => {
    void actions.attempt(async () => {
      await call("POST", "users/me/password", { password });
      actions.signedIn({ ...person, mustSetPassword: false });
    });
  });
  return h(
    "main",
    { "data-key": "first-password", class: "gate" },
    h("h1", {}, say("product")),
    h(
      "form",
      { "data-key": "set", onsubmit: save },
      h("h2", {}, say("setPassword")),
      h("p", {}, say("setPasswordHint", { user: person.user, n: passwordCharsMin })),
      h("input", {
        name: "user",
        value: person.user,
        autocomplete: "username",
        readonly: true,
        class: "unseen",
        tabindex: -1,
        "aria-hidden": "true",
      }),
      ...newPassword(),
      h("button", { type: "submit", class: "primary" }, say("save")),
    ),
  );
}
