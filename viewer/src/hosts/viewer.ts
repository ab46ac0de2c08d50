// The viewer as one ES module. A page that matcube wrote starts by itself; other hosts import `mount`.

import { Shell } from "../panel/shell";
import { type MountOptions, mountFigure } from "../ui/mount";
import { MOUNT, shared } from "../ui/shared_mount";
import { ownPage } from "./own_page";
import { saved } from "./saved";
import { served } from "./served";

export { embedded } from "./embedded";
export { served };

/**
 * Show a figure inside an element or a shadow root, which must have a size and the rules of `viewer.css`.
 *
 * @returns a function that removes the figure and everything that belongs to it.
 */
export const mount = (root: HTMLElement | ShadowRoot, options: MountOptions): (() => void) =>
  mountFigure(root, options, (app) => new Shell(app));

const root = document.querySelector<HTMLElement>("#matcube[data-page]");
if (root !== null) mount(root, { backend: saved(document) ?? served(), page: ownPage() });

// A page of several figures has a script of its own after this one, with other controls.
shared[MOUNT] = mountFigure;
