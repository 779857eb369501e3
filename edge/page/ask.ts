// The one dialog before an order: says what will happen, and asks for the reason and, where there are, for choices and words.
import { h } from "./dom.js";
import { sayFrom } from "./language.js";
import { pageTexts } from "./texts.js";

const say = sayFrom(pageTexts);

const charsMax = 200;

export interface Question {
  readonly title: string;
  readonly body: string;
  readonly confirm: string;
  /** The confirming button warns. */
  readonly danger: boolean;
  /** What the reason says at first; null: none is asked for. */
  readonly reason: string | null;
  /** What may be ticked; all are at first unless `ticked` is false. */
  readonly choices?: {
    readonly label: string;
    readonly of: readonly { readonly id: string; readonly name: string }[];
    readonly ticked?: boolean;
  };
  readonly fields?: readonly Field[];
  /** Further labelled inputs, answered by their names. */
  readonly extra?: readonly HTMLElement[];
}

/** Words, a number or one of several; all but `optional` must be given. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly number?: { readonly min: number; readonly max: number };
  readonly optional?: boolean;
  /** Asked for only while the field of this name says one of these values. */
  readonly only?: { readonly of: string; readonly values: readonly string[] };
}

export interface Answer {
  readonly reason: string;
  readonly chosen: readonly string[];
  /** By name of the field; empty where it was not asked for. */
  readonly value: (name: string) => string;
}

function choiceList(choices: NonNullable<Question["choices"]>): HTMLElement {
  const checked = choices.ticked ?? true;
  const boxes = choices.of.map(({ id, name }) =>
    h("label", { class: "choice" }, h("input", { type: "checkbox", name: "chosen", value: id, checked }), name),
  );
  const first = boxes[0]?.querySelector("input");
  const checkChosen = () => {
    const anyChosen = boxes.some((box) => box.querySelector("input")?.checked);
    first?.setCustomValidity(anyChosen ? "" : say("chooseOne"));
  };
  checkChosen();
  return h("fieldset", { onchange: checkChosen }, h("legend", {}, choices.label), ...boxes);
}

function control({ name, value = "", options, number, optional = false }: Field): HTMLElement {
  if (options !== undefined) {
    const of = options.map((option) =>
      h("option", { value: option.value, selected: option.value === value }, option.label),
    );
    return h("select", { name }, ...of);
  }
  const kind = number === undefined ? { maxlength: charsMax, pattern: ".*\\S.*" } : { type: "number", ...number };
  return h("input", { name, value, required: !optional, autocomplete: "off", ...kind });
}

function fieldRow(field: Field): HTMLElement {
  const row = h("label", {}, field.label, control(field));
  if (field.only !== undefined) row.dataset["only"] = field.only.of;
  return row;
}

/** Takes fields that are not asked for out of sight, of checking and of the answer. */
function showAsked(form: HTMLFormElement, fields: readonly Field[]): void {
  const data = new FormData(form);
  for (const { name, only } of fields) {
    const input = form.elements.namedItem(name);
    if (only === undefined || !(input instanceof HTMLInputElement || input instanceof HTMLSelectElement)) continue;
    input.disabled = !only.values.includes(String(data.get(only.of)));
    input.closest("label")?.toggleAttribute("hidden", input.disabled);
  }
}

function reasonRow(reason: string): HTMLElement {
  const input = { name: "reason", value: reason, required: true, maxlength: charsMax, autocomplete: "off" };
  return h("label", {}, say("reason"), h("input", { ...input, autofocus: true }));
}

function build(question: Question): { readonly dialog: HTMLDialogElement; readonly form: HTMLFormElement } {
  const { title, body, choices, fields = [], extra = [], reason, danger, confirm } = question;
  const form = h(
    "form",
    { method: "dialog", onchange: () => showAsked(form, fields) },
    h("h2", { id: "ask-title" }, title),
    h("p", {}, body),
    choices !== undefined && choiceList(choices),
    ...fields.map(fieldRow),
    reason !== null && reasonRow(reason),
    ...extra,
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "submit", class: danger ? "danger" : "primary", value: "yes" }, confirm),
      h("button", { type: "submit", formnovalidate: true, value: "no" }, say("cancel")),
    ),
  );
  showAsked(form, fields);
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
      const value = (name: string) => String(data.get(name) ?? "").trim();
      dialog.remove();
      const answer = { reason: value("reason"), chosen: data.getAll("chosen").map(String), value };
      resolve(dialog.returnValue === "yes" ? answer : null);
    });
  });
}
