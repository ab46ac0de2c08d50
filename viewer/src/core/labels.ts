// Where legends go: greedy by priority, first place that is free. Pure, so that the same input gives the same picture.

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

/** A text that wants a place; `spots` are centres, the best first. */
export interface Wish {
  readonly id: string;
  readonly priority: number;
  readonly w: number;
  readonly h: number;
  readonly spots: readonly Spot[];
}

/** A text that has found its place. */
export interface Placed {
  readonly id: string;
  readonly rect: Rect;
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
 * where it touches neither another text nor a `taken` rectangle. What finds no spot is left out.
 *
 * @param margin pixels kept free between two texts.
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
    const free = wish.spots
      .map((spot) => rectAt(spot, wish))
      .find(
        (rect) =>
          within(rect, area) &&
          !taken.some((other) => overlap(rect, other, margin)) &&
          !placed.some((other) => overlap(rect, other.rect, margin)),
      );
    if (free) placed.push({ id: wish.id, rect: free });
  }
  return placed;
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
  const corners: Spot[] = [
    { x: rect.x, y: rect.y },
    { x: rect.x + rect.w, y: rect.y },
    { x: rect.x + rect.w, y: rect.y + rect.h },
    { x: rect.x, y: rect.y + rect.h },
  ];
  const axes: Spot[] = [
    { x: 1, y: 0 },
    { x: 0, y: 1 },
  ];
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
