// Name and PIN: as the whole page where nothing is shown without, else as a dialog before the first act.
import { h } from "../../page/dom.js";
import { call, Refusal } from "./api.js";
import type { Person } from "./context.js";
import { say } from "./texts.js";

const digitsMax = 12;
const nameCharsMax = 64;

const pinProps = { type: "password", inputmode: "numeric", pattern: "[0-9]*", maxlength: digitsMax, required: true };

function fields(): readonly HTMLElement[] {
  return [
    h(
      "label",
      {},
      say("name"),
      h("input", { name: "name", autocomplete: "username", maxlength: nameCharsMax, required: true }),
    ),
    h("label", {}, say("pin"), h("input", { name: "pin", autocomplete: "current-password", ...pinProps })),
  ];
}

/** Name and PIN of a colleague, for a form that asks for two. */
export function secondFields(): readonly HTMLElement[] {
  return [
    h(
      "label",
      {},
      say("secondName"),
      h("input", { name: "second-name", autocomplete: "off", maxlength: nameCharsMax, required: true }),
    ),
    h("label", {}, say("secondPin"), h("input", { name: "second-pin", autocomplete: "off", ...pinProps })),
  ];
}

function signIn(form: HTMLFormElement): Promise<Person> {
  const data = new FormData(form);
  const [name, pin] = ["name", "pin"].map((field) => String(data.get(field) ?? "").trim());
  return call<Person>("POST", "sessions", { name, pin });
}

/** Says beside the fields what is wrong with them; a notice would lie behind the dialog. */
const wrongLine = () => h("p", { class: "wrong", role: "alert" });

/** Null where the box refuses, which is said in `wrong`. */
async function signInOr(form: HTMLFormElement, wrong: HTMLElement): Promise<Person | null> {
  try {
    return await signIn(form);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const isWrong = error.code === "api.login-refused";
    wrong.replaceChildren(
      isWrong
        ? `${say("wrongPin")} ${say("tryAgain")}`
        : `${say("refusedBy", { message: error.message })} ${error.remedy}`,
    );
    form.querySelector<HTMLInputElement>("input[name=pin]")?.select();
    return null;
  }
}

export interface SignInActions {
  attempt(work: () => Promise<void>): Promise<void>;
  signedIn(person: Person): void;
}

/** Nothing else is shown before somebody has logged in. */
export function signInView({ attempt, signedIn }: SignInActions): HTMLElement {
  const wrong = wrongLine();
  const onsubmit = (event: Event) => {
    event.preventDefault();
    const form = event.currentTarget;
    if (!(form instanceof HTMLFormElement)) return;
    void attempt(async () => {
      const person = await signInOr(form, wrong);
      if (person !== null) signedIn(person);
    });
  };
  return h(
    "main",
    { "data-key": "sign-in", class: "gate" },
    h("h1", {}, say("product")),
    h("form", { onsubmit }, ...fields(), wrong, h("button", { type: "submit", class: "primary" }, say("signIn"))),
  );
}

/** The dialog before an act; null when the reader cancels. */
export function askSignIn({ attempt }: Pick<SignInActions, "attempt">): Promise<Person | null> {
  return new Promise((resolve) => {
    let person: Person | null = null;
    const wrong = wrongLine();
    const form: HTMLFormElement = h(
      "form",
      {
        onsubmit(event) {
          event.preventDefault();
          void attempt(async () => {
            person = await signInOr(form, wrong);
            if (person !== null) dialog.close();
          });
        },
      },
      h("h2", { id: "sign-in-title" }, say("signIn")),
      h("p", {}, say("signInTo")),
      ...fields(),
      wrong,
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "submit", class: "primary" }, say("signIn")),
        h("button", { type: "button", onclick: () => dialog.close() }, say("cancel")),
      ),
    );
    const dialog = h("dialog", { "aria-labelledby": "sign-in-title" }, form);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(person);
    });
    document.getElementById("dialogs")?.append(dialog);
    dialog.showModal();
  });
}

/** What to do on a box that nobody can log in at. */
export function noPeopleView(): HTMLElement {
  return h(
    "section",
    { "data-key": "no-people", class: "card pending" },
    h("h2", {}, say("noPeople")),
    h("p", {}, say("noPeopleHow")),
    h("pre", {}, "portcullis commission people add NAME --role operator --data DIR"),
  );
}
