// A control that cannot be used says why when the reader tries.

import { unisolated } from "../ui/names";

/** What is heard of controls that cannot be used. */
export interface ReadOnlyHost {
  /** A control needs Python, and there is none here. */
  needsPython(name: string): void;
  /** A control cannot be used for a reason of its own, which its title gives. */
  cannot(reason: string): void;
}

/** Hear of presses on disabled controls, and of writing into fields that are only read. */
export function hearReadOnly(
  root: HTMLElement,
  live: boolean,
  host: ReadOnlyHost,
  signal: AbortSignal,
): void {
  const tell = (control: HTMLElement) => {
    if (control.dataset.control?.startsWith("story-")) return; // the first stop, or the last
    if (live || control.dataset.control?.startsWith("export-")) host.cannot(unisolated(control.title));
    else host.needsPython(nameOf(control));
  };
  // Browsers give disabled elements no click, but pointer events, and none when a touch scrolls.
  const pressed = ({ target, button }: PointerEvent) => {
    const control = button === 0 && target instanceof Element ? controlAt(target) : null;
    if (control?.matches(":disabled")) tell(control);
  };
  const written = ({ target, key, ctrlKey, metaKey }: KeyboardEvent) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)) return;
    const writes = key.length === 1 ? !ctrlKey && !metaKey : WRITING.has(key);
    if (target.readOnly && writes && target.closest("[role=status]") === null) tell(target);
  };
  root.addEventListener("pointerup", pressed, { capture: true, signal });
  root.addEventListener("keydown", written, { capture: true, signal });
}

const WRITING: ReadonlySet<string> = new Set(["Enter", "Backspace", "Delete"]);

/** The control at a place: itself, or the one whose row it is. */
function controlAt(target: Element): HTMLElement | null {
  const control = target.closest("[data-control]") ?? target.closest("label")?.control ?? null;
  return control instanceof HTMLElement ? control : null;
}

function nameOf(control: HTMLElement): string {
  const row = control.closest("label")?.querySelector("span")?.textContent;
  return unisolated(control.getAttribute("aria-label") ?? row ?? control.textContent ?? "");
}
