// A view is a function that returns fresh elements; `patch` carries the differences over to those on the screen, so that
// focus, scroll position and what a screen reader is reading survive every update.

export type Child = Node | string | false | null;

/** Attributes by name (`true` = present, `false` = absent), and handlers, which `patch` carries over. */
export interface Props {
  readonly [attribute: string]: string | number | boolean | Handler | undefined;
  readonly onclick?: Handler;
  readonly onsubmit?: Handler;
  readonly onchange?: Handler;
}
type Handler = (event: Event) => void;

const handlerNames = ["onclick", "onsubmit", "onchange"] as const;

function fill<E extends HTMLElement | SVGElement>(element: E, props: Props, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "string" || typeof value === "number") element.setAttribute(name, String(value));
    else if (value === true) element.setAttribute(name, "");
  }
  for (const name of handlerNames) element[name] = props[name] ?? null;
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** An HTML element. A `data-key` lets `patch` recognise it when its place in a list changes. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), props, children);
}

/** The same for SVG. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}

function isSame(live: Node, next: Node): boolean {
  return live.nodeName === next.nodeName && keyOf(live) === keyOf(next);
}

/** `open` belongs to the reader once a <details> is on the screen. */
function syncElement(live: Element, next: Element): void {
  for (const { name } of [...live.attributes]) {
    if (!next.hasAttribute(name) && name !== "open") live.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  }
  const { onclick, onsubmit, onchange } = next as HTMLElement | SVGElement;
  Object.assign(live, { onclick, onsubmit, onchange });
  patch(live, [...next.childNodes]);
}

function sync(live: ChildNode, next: ChildNode): void {
  if (live instanceof Element && next instanceof Element) syncElement(live, next);
  else if (live.nodeValue !== next.nodeValue) live.nodeValue = next.nodeValue;
}

/** Makes the children of `parent` look like `next`, keeping every element that is still the same. */
export function patch(parent: Element, next: readonly ChildNode[]): void {
  const keyed = new Map([...parent.childNodes].flatMap((node) => (keyOf(node) ? [[keyOf(node), node] as const] : [])));
  let at: ChildNode | null = parent.firstChild;
  for (const wanted of next) {
    const key = keyOf(wanted);
    const live: ChildNode | null = key === null ? at : (keyed.get(key) ?? null);
    if (live === null || !isSame(live, wanted)) {
      parent.insertBefore(wanted, at);
      continue;
    }
    sync(live, wanted);
    if (live === at) at = at.nextSibling;
    else parent.insertBefore(live, at);
  }
  while (at !== null) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}
