// Cards and their rows, as every part of the overview is made of them.
import { type Child, h } from "../../../edge/page/dom.js";

export function card(key: string, title: string, ...children: readonly Child[]): HTMLElement {
  const id = `${key}-title`.replaceAll("/", "-");
  return h("section", { "data-key": key, class: "card", "aria-labelledby": id }, h("h2", { id }, title), ...children);
}

/** Name and state on the first line, plain facts below. */
export function row(key: string, name: Child, mark: Child, ...below: readonly Child[]): HTMLElement {
  return h("li", { "data-key": key }, h("h3", {}, name), mark, ...below);
}

export const minor = (...facts: readonly (string | false)[]) =>
  h("p", { class: "minor" }, facts.filter((fact) => fact !== false).join(" · "));
