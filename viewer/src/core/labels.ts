// Where legends go: greedy by priority, first place that is free. Pure, so that the same input gives the same picture.

/** Pixels off its home from which a text has a line to it. */
const LEAD = 20;

/** A rectangle in the picture: left upper corner and size, in pixels. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A point in the picture. */
export interface Spot {
  readonly x: number;
  readonly y: number;
}

/** A text that wants a place; `spots` are centres, the best first, `home` the outline that it is about. */
export interface Wish {
  readonly id: string;
  readonly priority: number;
  readonly w: number;
  readonly h: number;
  readonly spots: Iterable<Spot>;
  readonly home?: readonly Spot[];
}

/** A line from a text to its home. */
export type Lead = readonly [Spot, Spot];

/** A text that has found its place, with a line to its home when that is not beside it. */
export interface Placed {
  readonly id: string;
  readonly rect: Rect;
  readonly lead: Lead | null;
}

/** Two rectangles share inner area, or come nearer than `margin`. */
export function overlap(a: Rect, b: Rect, margin = 0): boolean {
  return (
    a.x < b.x + b.w + margin &&
    b.x < a.x + a.w + margin &&
    a.y < b.y + b.h + margin &&
    b.y < a.y + a.h + margin
  );
}

/**
 * Place wishes inside `area`: higher priority first, equal ones in order of id, each at the first of its spots
 * where it touches neither another text nor a `taken` rectangle. Where a line to its home would run through
 * another text, or it would lie on another's line, a later spot without that is taken if there is one.
 * What finds no spot is left out.
 *
 * @param margin pixels left free between two texts.
 */
export function place(
  wishes: readonly Wish[],
  area: Rect,
  taken: readonly Rect[] = [],
  margin = 4,
): readonly Placed[] {
  const placed: Placed[] = [];
  const order = [...wishes].sort(
    (a, b) => b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  );
  for (const wish of order) {
    let best: Placed | null = null;
    for (const spot of wish.spots) {
      const rect = rectAt(spot, wish);
      const free =
        within(rect, area) &&
        !taken.some((other) => overlap(rect, other, margin)) &&
        !placed.some((other) => overlap(rect, other.rect, margin));
      if (!free) continue;
      const label = { id: wish.id, rect, lead: leadOf(wish.home ?? [], rect) };
      best ??= label;
      if (placed.some((other) => crosses(label.lead, other.rect) || crosses(other.lead, rect))) continue;
      best = label;
      break;
    }
    if (best) placed.push(best);
  }
  return placed;
}

/** The line from a text to the nearest place of its home, a little inside; null when they are close. */
export function leadOf(home: readonly Spot[], rect: Rect): Lead | null {
  const wide = { x: rect.x - LEAD, y: rect.y - LEAD, w: rect.w + 2 * LEAD, h: rect.h + 2 * LEAD };
  if (home.length < 3 || covers(home, wide)) return null;
  const to = { x: rect.x + rect.w / 2, y: rect.y + rect.h / 2 };
  const mean = (axis: "x" | "y"): number => home.reduce((sum, spot) => sum + spot[axis], 0) / home.length;
  let [near, least] = [to, Infinity];
  home.forEach((a, at) => {
    const spot = nearest(a, home[(at + 1) % home.length] ?? a, to);
    const away = Math.hypot(spot.x - to.x, spot.y - to.y);
    if (away < least) [near, least] = [spot, away];
  });
  const end = { x: near.x + 0.2 * (mean("x") - near.x), y: near.y + 0.2 * (mean("y") - near.y) };
  const start = {
    x: Math.min(Math.max(end.x, rect.x), rect.x + rect.w),
    y: Math.min(Math.max(end.y, rect.y), rect.y + rect.h),
  };
  return [start, end];
}

/** The point of a segment nearest to another. */
function nearest(a: Spot, b: Spot, to: Spot): Spot {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const along = ((to.x - a.x) * dx + (to.y - a.y) * dy) / Math.max(dx * dx + dy * dy, 1e-9);
  const t = Math.min(Math.max(along, 0), 1);
  return { x: a.x + t * dx, y: a.y + t * dy };
}

function crosses(lead: Lead | null, rect: Rect): boolean {
  if (lead === null) return false;
  const [a, b] = lead;
  return covers([a, b, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 }], rect);
}

/**
 * Centres for a text beside an edge from `a` to `b`, on the side away from `inside`: the middle first, then along it.
 *
 * The text clears the edge by `gap` pixels in the direction of the edge's normal.
 */
export function spotsBeside(
  a: Spot,
  b: Spot,
  inside: Spot,
  size: { w: number; h: number },
  gap: number,
): Spot[] {
  const length = Math.hypot(b.x - a.x, b.y - a.y);
  if (length < 1e-6) return [];
  let nx = (b.y - a.y) / length;
  let ny = (a.x - b.x) / length;
  const mx = (a.x + b.x) / 2;
  const my = (a.y + b.y) / 2;
  if ((mx - inside.x) * nx + (my - inside.y) * ny < 0) {
    nx = -nx;
    ny = -ny;
  }
  const away = (Math.abs(nx) * size.w + Math.abs(ny) * size.h) / 2 + gap;
  return [0.5, 0.35, 0.65, 0.2, 0.8].map((t) => ({
    x: a.x + (b.x - a.x) * t + nx * away,
    y: a.y + (b.y - a.y) * t + ny * away,
  }));
}

/** A convex polygon and a rectangle share area (separating axes). */
export function covers(polygon: readonly Spot[], rect: Rect): boolean {
  if (polygon.length < 3) return false;
  const [right, below] = [rect.x + rect.w, rect.y + rect.h];
  if (
    polygon.every((spot) => spot.x <= rect.x) ||
    polygon.every((spot) => spot.x >= right) ||
    polygon.every((spot) => spot.y <= rect.y) ||
    polygon.every((spot) => spot.y >= below)
  )
    return false;
  const corners: Spot[] = [
    { x: rect.x, y: rect.y },
    { x: rect.x + rect.w, y: rect.y },
    { x: rect.x + rect.w, y: rect.y + rect.h },
    { x: rect.x, y: rect.y + rect.h },
  ];
  const axes: Spot[] = [];
  polygon.forEach((from, at) => {
    const to = polygon[(at + 1) % polygon.length] ?? from;
    axes.push({ x: from.y - to.y, y: to.x - from.x });
  });
  return axes.every((axis) => {
    const [lowA, highA] = span(polygon, axis);
    const [lowB, highB] = span(corners, axis);
    return lowA < highB && lowB < highA;
  });
}

/** Rectangle of a text centred at `spot`. */
export function rectAt(spot: Spot, size: { readonly w: number; readonly h: number }): Rect {
  return { x: spot.x - size.w / 2, y: spot.y - size.h / 2, w: size.w, h: size.h };
}

function span(points: readonly Spot[], axis: Spot): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const point of points) {
    const at = point.x * axis.x + point.y * axis.y;
    low = Math.min(low, at);
    high = Math.max(high, at);
  }
  return [low, high];
}

function within(rect: Rect, area: Rect): boolean {
  return (
    rect.x >= area.x &&
    rect.y >= area.y &&
    rect.x + rect.w <= area.x + area.w &&
    rect.y + rect.h <= area.y + area.h
  );
}
