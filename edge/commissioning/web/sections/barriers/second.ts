// The dialog for what two persons on site must agree to: the reason, and the second one's name and PIN.
import { h } from "../../../../page/dom.js";
import { sayFrom } from "../../../../page/language.js";
import { pageTexts } from "../../../../page/texts.js";
import { secondFields } from "../../sign-in.js";

const say = sayFrom(pageTexts);
const charsMax = 200;

export interface SecondAnswer {
  readonly reason: string;
  readonly second: { readonly name: string; readonly pin: string };
}

/** Null when the reader cancels. */
export function askSecond(asked: {
  readonly title: string;
  readonly body: string;
  readonly confirm: string;
}): Promise<SecondAnswer | null> {
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "second-title" }, asked.title),
    h("p", {}, asked.body),
    h(
      "label",
      {},
      say("reason"),
      h("input", { name: "reason", required: true, maxlength: charsMax, autocomplete: "off" }),
    ),
    ...secondFields(),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: "danger", value: "yes" }, asked.confirm),
      h("button", { type: "submit", formnovalidate: true, value: "no" }, say("cancel")),
    ),
  );
  const dialog = h("dialog", { "aria-labelledby": "second-title" }, form);
  document.getElementById("dialogs")?.replaceChildren(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const data = new FormData(form);
      const text = (name: string) => String(data.get(name) ?? "").trim();
      dialog.remove();
      const second = { name: text("second-name"), pin: text("second-pin") };
      resolve(dialog.returnValue === "yes" ? { reason: text("reason"), second } : null);
    });
  });
}
