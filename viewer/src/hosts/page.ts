// The page that is served, and the page that was saved: told apart by whether the scene lies in it.

import { openPage } from "../ui/open";
import { saved } from "./saved";
import { served } from "./served";

const root = document.getElementById("matcube");
if (root !== null) void openPage(root, saved(document) ?? served());
