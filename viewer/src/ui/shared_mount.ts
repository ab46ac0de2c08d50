// How the script of a page finds the viewer, which is a script of its own before it.

import type { mountFigure } from "./mount";

export const MOUNT = Symbol.for("matcube.mount.1");
export const shared = globalThis as { [MOUNT]?: typeof mountFigure };
