// Names, shapes and edge letters over the picture: upright text, placed by core/labels so that none lies on another.

import { type Eye, project } from "../core/camera";
import { boxCentre, faceCentre, faceCorners } from "../core/faces";
import { formatShape } from "../core/format";
import { covers, place, type Rect, rectAt, type Spot, spotsBeside, type Wish } from "../core/labels";
import type { Box, Face, StyleView, Vec3 } from "../core/types.gen";
import { along } from "../core/vec";
import type { LoadedScene } from "../core/wire";
import { el } from "./dom";

/** What legends are made from. */
export interface LegendInput {
  readonly scene: LoadedScene;
  readonly faces: readonly Face[];
  readonly boxes: readonly Box[];
  readonly eye: Eye;
  readonly style: StyleView;
  /** Parts of the picture that lie under other things. */
  readonly taken: readonly Rect[];
  readonly selected: number | null;
}

interface Label extends Wish {
  readonly strong: string;
  readonly weak: string;
  readonly opacity: number;
  readonly kind: "name" | "letter";
  readonly selected: boolean;
}

const NAME_PX = 14;
const LETTER_PX = 12;
const LONGEST = 32;
const SMALLEST = 16;
const FULL = 56;

/** The layer of legends. */
export class Legends {
  readonly root = el("div", { class: "mc-legends", attrs: { "aria-hidden": "true" } });
  private readonly pool = new Map<string, HTMLElement>();
  private readonly ruler = document.createElement("canvas").getContext("2d");
  private readonly widths = new Map<string, number>();

  /** Place the legends for one frame. */
  draw(input: LegendInput): void {
    const labels = [...(input.style.legends ? this.names(input) : []), ...(input.style.letters ? this.letters(input) : [])];
    const byId = new Map(labels.map((label) => [label.id, label]));
    const { width, height } = input.eye.viewport;
    const placed = place(labels, { x: 4, y: 4, w: width - 8, h: height - 8 }, input.taken);
    const seen = new Set<string>();
    for (const { id, rect } of placed) {
      const label = byId.get(id);
      if (label === undefined) continue;
      seen.add(id);
      this.show(label, rect, input.style.legend_size);
    }
    for (const [id, element] of this.pool) {
      if (seen.has(id)) continue;
      element.remove();
      this.pool.delete(id);
    }
  }

  private show(label: Label, rect: Rect, size: number): void {
    let element = this.pool.get(label.id);
    if (element === undefined) {
      element = el("div", {}, el("b"), el("span"));
      this.pool.set(label.id, element);
      this.root.append(element);
    }
    const [strong, weak] = element.children;
    if (strong && strong.textContent !== label.strong) strong.textContent = label.strong;
    if (weak && weak.textContent !== label.weak) weak.textContent = label.weak;
    element.className = `mc-legend mc-legend-${label.kind}${label.selected ? " is-selected" : ""}`;
    const { style } = element;
    style.transform = `translate(${Math.round(rect.x)}px, ${Math.round(rect.y)}px)`;
    style.width = `${Math.ceil(rect.w)}px`;
    style.height = `${Math.ceil(rect.h)}px`;
    style.lineHeight = style.height;
    style.fontSize = `${(label.kind === "name" ? NAME_PX : LETTER_PX) * size}px`;
    style.opacity = label.opacity.toFixed(2);
  }

  private names(input: LegendInput): Label[] {
    const outlines = outlinesOf(input);
    return input.faces.flatMap((face) => {
      const outline = outlines.find((one) => one.face === face);
      const matrix = input.scene.head.matrices.find((one) => one.node === face.node);
      if (outline === undefined || matrix === undefined) return [];
      const extent = Math.sqrt(area(outline.polygon));
      const opacity = fading(extent);
      if (opacity === 0) return [];
      const strong = shorten(face.transposed ? transposedName(matrix.name) : matrix.name);
      const weak = formatShape(face.rows, face.cols);
      const size = this.sizeOf(strong, weak, NAME_PX * input.style.legend_size);
      const centre = project(input.eye, faceCentre(face)) ?? middle(outline.polygon);
      const spots = ranked(sideSpots(outline.polygon, centre, size), size, outlines);
      const { width, height } = input.eye.viewport;
      const inside = [centre, clampInto(centre, width, height)].filter((at) => covers(outline.polygon, rectAt(at, size)));
      const priority = 1e6 + (face.alias_of === null ? 1e5 : 0) + (face.sheet === 0 ? 5e4 : 0) + Math.min(extent, 4e4);
      const selected = input.selected === face.node;
      return [{ id: `n${face.id}`, priority, ...size, spots: [...spots, ...inside], strong, weak, opacity, kind: "name", selected }];
    });
  }

  private letters(input: LegendInput): Label[] {
    const outlines = outlinesOf(input);
    return input.boxes.flatMap((box) => this.lettersOf(input, box, outlines));
  }

  private lettersOf(input: LegendInput, box: Box, outlines: readonly Outline[]): Label[] {
    const centre = project(input.eye, boxCentre(box));
    if (centre === null) return [];
    const steps = [box.i_step, box.j_step, box.k_step] as const;
    return (["i", "j", "k"] as const).flatMap((letter, axis) => {
      const count = box.sizes[axis] ?? 0;
      const size = this.sizeOf(letter, `= ${count}`, LETTER_PX * input.style.legend_size);
      const edges = edgesOf(box, steps, axis).flatMap(([from, to]) => {
        const a = project(input.eye, from);
        const b = project(input.eye, to);
        return a && b ? [{ a, b, length: Math.hypot(b.x - a.x, b.y - a.y) }] : [];
      });
      const longest = Math.max(0, ...edges.map((edge) => edge.length));
      const opacity = fading(longest * 0.8);
      if (opacity === 0) return [];
      const spots = edges
        .map((edge) => ({ edge, far: distance(middle([edge.a, edge.b]), centre) }))
        .sort((a, b) => b.far - a.far)
        .flatMap(({ edge }) => spotsBeside(edge.a, edge.b, centre, size, 5).slice(0, 3));
      const priority = Math.min(longest, 4e4) + (box.parent === null ? 1e5 : 0);
      const best = ranked(spots, size, outlines);
      const common = { opacity, kind: "letter", selected: false } as const;
      return [{ id: `l${box.id}${letter}`, priority, ...size, spots: best, strong: letter, weak: `= ${count}`, ...common }];
    });
  }

  /** Width and height of a label, measured once for each text. */
  private sizeOf(strong: string, weak: string, px: number): { w: number; h: number } {
    const key = `${px} ${strong}\n${weak}`;
    let w = this.widths.get(key);
    if (w === undefined) {
      if (this.widths.size > 2000) this.widths.clear();
      const measure = (text: string, weight: number) => {
        if (this.ruler === null) return text.length * px * 0.6;
        this.ruler.font = `${weight} ${px}px ${FONT}`;
        return this.ruler.measureText(text).width;
      };
      w = measure(strong, 600) + measure(weak, 400) + px * 0.5 + 10;
      this.widths.set(key, w);
    }
    return { w: Math.ceil(w), h: Math.ceil(px * 1.5) };
  }
}

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, sans-serif';

// --- geometry -----------------------------------------------------------------------------------

interface Outline {
  readonly face: Face;
  readonly polygon: readonly Spot[];
  readonly bounds: Rect;
}

function outlinesOf(input: LegendInput): Outline[] {
  return input.faces.flatMap((face) => {
    const corners = faceCorners(face).map((corner) => project(input.eye, corner));
    const polygon = corners.filter((corner) => corner !== null);
    return polygon.length === 4 ? [{ face, polygon, bounds: boundsOf(polygon) }] : [];
  });
}

function sideSpots(polygon: readonly Spot[], centre: Spot, size: { w: number; h: number }): Spot[] {
  return polygon.flatMap((from, at) => spotsBeside(from, polygon[(at + 1) % 4] ?? from, centre, size, 6));
}

/** Spots that lie on the fewest faces first; then the higher in the picture; the order they came in decides the rest. */
function ranked(spots: readonly Spot[], size: { w: number; h: number }, outlines: readonly Outline[]): Spot[] {
  return spots
    .map((spot, at) => {
      const rect = rectAt(spot, size);
      const hits = outlines.filter((one) => near(one.bounds, rect) && covers(one.polygon, rect)).length;
      return { spot, at, hits };
    })
    .sort((a, b) => a.hits - b.hits || a.at - b.at)
    .map(({ spot }) => spot);
}

function edgesOf(box: Box, steps: readonly [Vec3, Vec3, Vec3], axis: number): [Vec3, Vec3][] {
  const [one, two] = [0, 1, 2].filter((other) => other !== axis);
  const far = (index: number | undefined) => box.sizes[index ?? 0] ?? 0;
  const step = (index: number | undefined) => steps[index as 0 | 1 | 2];
  return [0, 1].flatMap((p) =>
    [0, 1].map((q): [Vec3, Vec3] => {
      const from = along(box.corner, step(one), p * far(one), step(two), q * far(two));
      return [from, along(from, step(axis), far(axis))];
    }),
  );
}

/** 0 below `SMALLEST` pixels, 1 above `FULL`. */
function fading(pixels: number): number {
  return Math.min(Math.max((pixels - SMALLEST) / (FULL - SMALLEST), 0), 1);
}

function boundsOf(points: readonly Spot[]): Rect {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, w: Math.max(...xs) - x, h: Math.max(...ys) - y };
}

function near(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

function area(points: readonly Spot[]): number {
  const twice = points.map((p, at) => {
    const q = points[(at + 1) % points.length] ?? p;
    return p.x * q.y - q.x * p.y;
  });
  return Math.abs(twice.reduce((a, b) => a + b, 0)) / 2;
}

function middle(points: readonly Spot[]): Spot {
  const total = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }), { x: 0, y: 0 });
  return { x: total.x / points.length, y: total.y / points.length };
}

const distance = (a: Spot, b: Spot): number => Math.hypot(a.x - b.x, a.y - b.y);

function clampInto(spot: Spot, width: number, height: number): Spot {
  return { x: Math.min(Math.max(spot.x, width * 0.2), width * 0.8), y: Math.min(Math.max(spot.y, height * 0.2), height * 0.8) };
}

/** A name that fits: the start, and an ellipsis. */
export function shorten(name: string, most = LONGEST): string {
  const letters = Array.from(name);
  return letters.length <= most ? name : `${letters.slice(0, most - 1).join("")}…`;
}

/** The name of a matrix that is shown transposed. */
export function transposedName(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) ? `${name}ᵀ` : `(${name})ᵀ`;
}
