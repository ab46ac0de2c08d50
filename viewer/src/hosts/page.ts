// The page that is served, and the page that was saved: told apart by whether the scene lies in it.

import { Shell } from "../panel/shell";
import { openPage } from "../ui/open";
import { saved } from "./saved";
import { served } from "./served";

const root = document.getElementById("matcube");
if (root !== null) {
  void openPage(root, saved(document) ?? served(), (app) => new Shell(app)).then((app) => {
    // The still under the figure is covered now; a screen reader should not read it as well.
    if (app !== null) document.getElementById("matcube-still")?.setAttribute("hidden", "");
  });
}
