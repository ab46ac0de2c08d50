// Elements without markup: text is always textContent, so that no name from data can become HTML.

import { harmless, isolated, parted } from "./names";

export type Child = Node | string | null | undefined | false;

/** What an element may be made with. */
export interface Props {
  readonly class?: string;
  readonly text?: string;
  readonly title?: string;
  readonly label?: string;
  readonly attrs?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
}

/** An HTML element. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return dress(document.createElement(tag), props, children);
}

/** An SVG element; attributes only, never a style attribute. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  props: Props = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return dress(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);
}

/** Replace all children. */
export function fill(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter(present).flatMap(content));
}

/** Show or hide an element; hidden ones leave the tab order too. */
export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

/** Set the text if it differs, so that nothing is laid out again for nothing. */
export function say(element: Element, text: string): void {
  if (element.textContent !== harmless(text)) write(element, text);
}

/** The focused element of the document or shadow root that an element is in. */
export function focusedBy(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
}

/** Set an attribute that is read: a name, a title, a value in words. */
export function describe(element: Element, name: string, text: string): void {
  const clean = isolated(text);
  if (element.getAttribute(name) !== clean) element.setAttribute(name, clean);
}

const DESCRIBING: ReadonlySet<string> = new Set(["aria-label", "aria-valuetext", "alt", "placeholder"]);

/** The text of an element; a choice of a list has no elements inside. */
function write(element: Element, text: string): void {
  if (element instanceof HTMLOptionElement) element.textContent = isolated(text);
  else element.replaceChildren(...parted(text));
}

function dress<E extends Element>(element: E, props: Props, children: readonly Child[]): E {
  if (props.class !== undefined) element.setAttribute("class", props.class);
  if (props.text !== undefined) write(element, props.text);
  if (props.title !== undefined) describe(element, "title", props.title);
  if (props.label !== undefined) describe(element, "aria-label", props.label);
  for (const [name, value] of Object.entries(props.attrs ?? {})) {
    if (typeof value === "string" && DESCRIBING.has(name)) describe(element, name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const [type, listener] of Object.entries(props.on ?? {})) element.addEventListener(type, listener);
  element.append(...children.filter(present).flatMap(content));
  return element;
}

const content = (child: Node | string): (Node | string)[] =>
  typeof child === "string" ? parted(child) : [child];

function present(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
