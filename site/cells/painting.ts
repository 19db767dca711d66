/**
 * The colours of a reader's pictures, which follow the theme of the page and not that of the system. What
 * writes them comes with the first run. Read theme.ts first.
 */

import type { inTheme } from "chainrule/draw";
import { theme } from "./theme.ts";

let write: typeof inTheme | undefined;
let loading: Promise<void> | undefined;

/** Loads what writes colours; without it, pictures have those of the system's theme. */
export function loadPainting(): Promise<void> {
  loading ??= load();
  return loading;
}

async function load(): Promise<void> {
  try {
    write = (await import("../../dist/draw/theme.js")).inTheme;
  } catch {
    loading = undefined; // the next run tries again
  }
}

export const isPaintingLoaded = (): boolean => write !== undefined;

/** The picture in the colours of the page's theme. */
export const painted = (svg: string): string => write?.(svg, theme()) ?? svg;
