// The page that is served, and the page that was saved: told apart by whether the scene lies in it.

import { kit } from "../ui/kit";
import { openPage } from "../ui/open";
import { saved } from "./saved";
import { served } from "./served";

// The second bundle finds here what it shares with this one.
Object.assign(globalThis, { matcubeKit: kit });

const root = document.getElementById("matcube");
if (root !== null) {
  void openPage(root, saved(document) ?? served()).then((app) => {
    // The still under the figure has done its work; nobody should hear of it twice.
    if (app !== null) document.getElementById("matcube-still")?.setAttribute("hidden", "");
  });
}
