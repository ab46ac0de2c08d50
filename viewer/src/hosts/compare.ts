// The script of a page that holds several scenes: a comparison, saved or served. It follows that of the viewer.

import type { Comparison } from "../core/types.gen";
import { type Compared, mountComparison } from "../panel/compare";
import type { Probe } from "../ui/page";
import { MOUNT, shared } from "../ui/shared_mount";
import { embedded } from "./embedded";
import { ownPage } from "./own_page";
import { held } from "./saved";

/** The comparison in this document, or null. */
function compared(page: Document): Compared | null {
  const described = page.getElementById("matcube-comparison");
  if (described === null) return null;
  const { themed } = ownPage();
  const probes: Probe[] = [];
  return {
    comparison: JSON.parse(described.textContent ?? "") as Comparison,
    backends: [...page.querySelectorAll(".matcube-scene")].map((holder) => held(holder)),
    page: (at) => {
      const opened: (stats: unknown, probe: Probe) => void = (_, probe) => {
        probes[at] = probe;
      };
      return embedded({ themed, opened });
    },
    opened: () => {
      Object.assign(window, { matcubeProbes: probes });
    },
  };
}

const root = document.getElementById("matcube");
const several = compared(document);
const mount = shared[MOUNT];
if (root !== null && several !== null && mount !== undefined) mountComparison(root, several, mount);
