// The one dialog before an order: says what will happen, and asks for the reason and, where there is one, a choice.
import { h } from "./dom.js";
import { say } from "./language.js";

const reasonCharsMax = 200;

export interface Question {
  readonly title: string;
  readonly body: string;
  readonly confirm: string;
  /** The confirming button warns. */
  readonly danger: boolean;
  readonly reason: string;
  /** What may be ticked; all are at first. */
  readonly choices?: { readonly label: string; readonly of: readonly { readonly id: string; readonly name: string }[] };
}

export interface Answer {
  readonly reason: string;
  readonly chosen: readonly string[];
}

function choiceList(choices: NonNullable<Question["choices"]>): HTMLElement {
  const boxes = choices.of.map(({ id, name }) =>
    h("label", { class: "choice" }, h("input", { type: "checkbox", name: "chosen", value: id, checked: true }), name),
  );
  const first = boxes[0]?.querySelector("input");
  const checkChosen = () => {
    const anyChosen = boxes.some((box) => box.querySelector("input")?.checked);
    first?.setCustomValidity(anyChosen ? "" : say("chooseOne"));
  };
  return h("fieldset", { onchange: checkChosen }, h("legend", {}, choices.label), ...boxes);
}

function build(question: Question): { readonly dialog: HTMLDialogElement; readonly form: HTMLFormElement } {
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: "ask-title" }, question.title),
    h("p", {}, question.body),
    question.choices !== undefined && choiceList(question.choices),
    h(
      "label",
      {},
      say("reason"),
      h("input", {
        name: "reason",
        value: question.reason,
        required: true,
        maxlength: reasonCharsMax,
        autocomplete: "off",
        autofocus: true,
      }),
    ),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: question.danger ? "danger" : "primary", value: "yes" }, question.confirm),
      h("button", { type: "submit", formnovalidate: true, value: "no" }, say("cancel")),
    ),
  );
  return { dialog: h("dialog", { "aria-labelledby": "ask-title" }, form), form };
}

/** Shows the question; null when the reader cancels. */
export function ask(question: Question): Promise<Answer | null> {
  const { dialog, form } = build(question);
  document.getElementById("dialogs")?.replaceChildren(dialog);
  dialog.showModal();
  form.querySelector<HTMLInputElement>("input[name=reason]")?.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      const data = new FormData(form);
      const answer = { reason: String(data.get("reason")).trim(), chosen: data.getAll("chosen").map(String) };
      dialog.remove();
      resolve(dialog.returnValue === "yes" ? answer : null);
    });
  });
}
