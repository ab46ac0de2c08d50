// A document of its own: its title, its address, its keys and its globals are the figure's.

import type { ThemeName } from "../core/frame";
import { isolated } from "../ui/names";
import type { AddressBar, Page, Probe } from "../ui/page";
import type { Stats } from "../ui/stage";

/** The page of a document that shows one figure and nothing else. */
export function ownPage(): Page {
  return {
    address: browserAddress(),
    fragment: location.hash,
    file: fileOf(location),
    keys: document,
    alone: true,
    surface: window.top === window ? "own" : "turns",
    title: (text) => {
      document.title = text === "" ? "matcube" : `${isolated(text)} · matcube`;
    },
    themed,
    opened,
  };
}

function themed(theme: ThemeName, ground: string): void {
  const { style } = document.documentElement;
  style.colorScheme = theme;
  style.backgroundColor = ground;
}

function opened(stats: Stats, probe: Probe): void {
  Object.assign(window, { matcubeStats: stats, matcubeProbe: probe });
}

/** A saved file by its path, a page of a server by its last part. */
function fileOf({ protocol, pathname }: Location): string {
  if (protocol === "file:") return decodeURIComponent(pathname);
  return /^https?:$/.test(protocol) ? decodeURIComponent(pathname).replace(/^.*\//, "") : "";
}

/** The browser's address; null inside a frame, or where its history is closed to the page. */
function browserAddress(): AddressBar | null {
  try {
    if (window.top !== window || typeof CompressionStream === "undefined") return null;
    history.replaceState(history.state, "", location.href);
  } catch {
    return null;
  }
  return {
    get href() {
      return location.href;
    },
    get fragment() {
      return location.hash;
    },
    get state() {
      return history.state;
    },
    write: (way, state, fragment) =>
      history[way === "push" ? "pushState" : "replaceState"](state, "", fragment),
    go: (entries) => history.go(entries),
    listen: (moved, signal) => window.addEventListener("popstate", moved, { signal }),
  };
}
