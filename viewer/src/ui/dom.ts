// Elements without markup: text is always textContent, so that no name from data can become HTML.

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
  parent.replaceChildren(...children.filter(present));
}

/** Show or hide an element; hidden ones leave the tab order too. */
export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

/** Set the text if it differs, so that nothing is laid out again for nothing. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) write(element, text);
}

/** The focused element of the document or shadow root that an element is in. */
export function focusedBy(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
}

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
/** Words with letters of such a script, and what is between them. */
const RIGHT_TO_LEFT_WORDS = new RegExp(
  `(?:[\\p{L}\\p{M}\\p{N}_]*${RIGHT_TO_LEFT.source}[\\p{L}\\p{M}\\p{N}_]*)(?:[ '’-]+[\\p{L}\\p{M}\\p{N}_]*${RIGHT_TO_LEFT.source}[\\p{L}\\p{M}\\p{N}_]*)*`,
  "gu",
);

/** Text in which names that run from right to left turn nothing around them: `א 3 × 5` stays so. */
function write(element: Element, text: string): void {
  element.textContent = text;
  if (!RIGHT_TO_LEFT.test(text)) return;
  const parts: (string | Node)[] = [];
  let end = 0;
  for (const { 0: name, index } of text.matchAll(RIGHT_TO_LEFT_WORDS)) {
    const bdi = document.createElement("bdi");
    bdi.textContent = name;
    parts.push(text.slice(end, index), bdi);
    end = index + name.length;
  }
  element.replaceChildren(...parts, text.slice(end));
}

/** The same where there are no elements: FIRST STRONG ISOLATE and POP DIRECTIONAL ISOLATE around such names. */
const isolated = (text: string): string =>
  RIGHT_TO_LEFT.test(text) ? text.replace(RIGHT_TO_LEFT_WORDS, "\u2068$&\u2069") : text;

function dress<E extends Element>(element: E, props: Props, children: readonly Child[]): E {
  if (props.class !== undefined) element.setAttribute("class", props.class);
  if (props.text !== undefined) write(element, props.text);
  if (props.title !== undefined) element.setAttribute("title", isolated(props.title));
  if (props.label !== undefined) element.setAttribute("aria-label", props.label);
  for (const [name, value] of Object.entries(props.attrs ?? {})) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  for (const [type, listener] of Object.entries(props.on ?? {})) element.addEventListener(type, listener);
  element.append(...children.filter(present));
  return element;
}

function present(child: Child): child is Node | string {
  return child !== null && child !== undefined && child !== false;
}
