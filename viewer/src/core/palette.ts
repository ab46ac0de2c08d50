// Colours: 0xRRGGBB in sRGB as the scene holds them, and linear light as it is mixed.

import type { ThemeName } from "./frame";
import type { Head, Ink, Theme, Vec3 } from "./types.gen";

/** One sRGB channel in [0, 1] to linear light. */
const toLinear = (s: number): number => (s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4);

/** 0xRRGGBB as three sRGB channels in [0, 1]. */
const channels = (rgb: number): Vec3 => [
  ((rgb >> 16) & 255) / 255,
  ((rgb >> 8) & 255) / 255,
  (rgb & 255) / 255,
];

/** 0xRRGGBB as linear light. */
export function linear(rgb: number): Vec3 {
  const [r, g, b] = channels(rgb);
  return [toLinear(r), toLinear(g), toLinear(b)];
}

/** Linear light as 0xRRGGBB. */
export function srgb(colour: Vec3): number {
  const byte = (x: number): number =>
    Math.round(255 * Math.min(Math.max(x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055, 0), 1));
  return (byte(colour[0]) << 16) | (byte(colour[1]) << 8) | byte(colour[2]);
}

/** 0xRRGGBB as CSS wants it. */
export const cssColour = (rgb: number): string => `#${rgb.toString(16).padStart(6, "0")}`;

/** The linear colour at `a` in [0, 1] of a table; between entries in sRGB, as a gradient on the page is. */
export function tableColour(table: readonly number[], a: number): Vec3 {
  const at = Math.min(Math.max(a, 0), 1) * (table.length - 1);
  const low = Math.floor(at);
  const p = channels(table[low] ?? 0);
  const q = channels(table[Math.min(low + 1, table.length - 1)] ?? 0);
  const t = at - low;
  return [
    toLinear(p[0] + (q[0] - p[0]) * t),
    toLinear(p[1] + (q[1] - p[1]) * t),
    toLinear(p[2] + (q[2] - p[2]) * t),
  ];
}

/** The value at `a` in [0, 1] of a table, linear in between. */
export function tableValue(table: readonly number[], a: number): number {
  const at = Math.min(Math.max(a, 0), 1) * (table.length - 1);
  const low = Math.floor(at);
  const p = table[low] ?? 0;
  return p + ((table[Math.min(low + 1, table.length - 1)] ?? p) - p) * (at - low);
}

/** The colours of a palette in a theme; an unknown name falls back to the first palette. */
export function inkOf(head: Head, palette: string, theme: ThemeName): Ink {
  const match = head.palettes.find((p) => p.name === palette) ?? head.palettes[0];
  if (match === undefined) throw new RangeError("the scene carries no palette");
  return theme === "light" ? match.light : match.dark;
}

export function themeOf(head: Head, name: ThemeName): Theme {
  const match = head.themes.find((t) => t.name === name) ?? head.themes[0];
  if (match === undefined) throw new RangeError("the scene carries no theme");
  return match;
}
