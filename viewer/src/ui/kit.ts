// What the second bundle takes from the first, so that nothing is in both: the build reads the names in the list
// below, and gives an import from ui, render or core in src/panel that very object. A name that is missing here
// fails the build.

import { formatCount, formatNumber, formatShape } from "../core/format";
import { cellsOf, matrixOf } from "../core/sums";
import { LIMITS } from "../core/types.gen";
import { readView } from "../core/view_state";
import { liveCommand } from "./backend";
import { toldOdd } from "./colourbar";
import { el, fill, say, show, svg } from "./dom";
import { encodeView } from "./fragment";
import { icon, iconButton } from "./icons";
import { arrive } from "./late";
import { asPython, cellValue, label, topOfRow } from "./reading";
import { plainText } from "./readout";
import { plays, storedLayout } from "./restore";
import { visible } from "./words";

export const kit = {
  arrive,
  asPython,
  cellsOf,
  cellValue,
  el,
  encodeView,
  fill,
  formatCount,
  formatNumber,
  formatShape,
  icon,
  iconButton,
  label,
  LIMITS,
  liveCommand,
  matrixOf,
  plainText,
  plays,
  readView,
  say,
  show,
  storedLayout,
  svg,
  toldOdd,
  topOfRow,
  visible,
} as const;
