/**
 * A picture as PNG, for documents that take no SVG, painted by resvg as WebAssembly. Read svg.ts
 * and theme.ts first.
 */

import { describe, expectOneOf, expectOptions } from "../errors.ts";
import { peer } from "./peers.ts";
import { inTheme } from "./theme.ts";

/** What {@link toPNG} may be told. */
export interface PNGOptions {
  /** Pixels for each unit of the picture; 2 if left out, which is sharp on every screen. */
  readonly scale?: number;
  /** "light" if left out. */
  readonly theme?: "light" | "dark";
  /** The bytes of resvg's index_bg.wasm; if left out, they are looked for among the packages. */
  readonly wasm?: Uint8Array;
  /**
   * The bytes of fonts, TTF, OTF or WOFF2, the first of them for all text but code. If left out:
   * DejaVu from the package dejavu-fonts-ttf, or else fonts of the machine.
   */
  readonly fonts?: readonly Uint8Array[];
}

const MOST_PIXELS = 64_000_000; // 256 MB while it is painted

let ready: Promise<void> | undefined;

/**
 * Paints a picture.
 *
 * In Node (20.16 or later) and Deno nothing else is needed; a page hands in `wasm` and `fonts`,
 * which a bundler has addresses for. With the same fonts, the same bytes everywhere.
 *
 * @param svg a picture of `chainrule/draw`
 * @throws Error with the command to install it if @resvg/resvg-wasm is missing, or if there is no
 * font (a picture without its text is of no use); RangeError for too many pixels
 */
export async function toPNG(svg: string, options: PNGOptions = {}): Promise<Uint8Array> {
  expectOptions(options, ["scale", "theme", "wasm", "fonts"], "toPNG");
  if (typeof svg !== "string" || !svg.includes("<svg")) {
    throw new TypeError(`toPNG: expected a string of SVG, got ${describe(svg)}`);
  }
  const { scale = 2, theme = "light" } = options;
  if (!(typeof scale === "number" && scale > 0 && scale <= 20)) {
    throw new RangeError(`toPNG: expected a scale above 0 and at most 20, got ${describe(scale)}`);
  }
  expectOneOf(theme, ["light", "dark"], "toPNG: theme");
  if (options.wasm !== undefined) expectBytes(options.wasm, "toPNG: wasm");
  if (options.fonts !== undefined) expectFonts(options.fonts);
  const { initWasm, Resvg } = (await peer("@resvg/resvg-wasm", import("@resvg/resvg-wasm")))();
  ready ??= initWasm(options.wasm ?? findWasm());
  await ready.catch((error) => {
    ready = undefined;
    throw error;
  });

  const font = {
    fontBuffers: [...(options.fonts ?? findFonts())],
    sansSerifFamily: "DejaVu Sans",
    monospaceFamily: "DejaVu Sans Mono",
  };
  let picture: InstanceType<typeof Resvg>;
  try {
    picture = new Resvg(inTheme(svg, theme), { font, fitTo: { mode: "zoom", value: scale } });
  } catch (error) {
    throw new Error(`toPNG: expected SVG, but resvg says: ${error}`, { cause: error });
  }
  try {
    const { width, height } = picture;
    if (width * height * scale * scale > MOST_PIXELS) {
      throw new RangeError(
        `toPNG: expected at most ${MOST_PIXELS} pixels, got ${width} · ${height} at scale ${scale}`,
      );
    }
    const image = picture.render();
    try {
      return image.asPng();
    } finally {
      image.free();
    }
  } finally {
    picture.free();
  }
}

function expectBytes(bytes: Uint8Array, where: string): void {
  if (bytes instanceof Uint8Array) return;
  throw new TypeError(`${where}: expected bytes, a Uint8Array, got ${describe(bytes)}`);
}

function expectFonts(fonts: readonly Uint8Array[]): void {
  if (!Array.isArray(fonts) || fonts.length === 0) {
    const got = Array.isArray(fonts) ? "none" : describe(fonts);
    throw new TypeError(`toPNG: fonts: expected an array of one font or more, got ${got}`);
  }
  for (const [i, font] of fonts.entries()) expectBytes(font, `toPNG: font ${i}`);
}

/** The parts of Node that are needed; Deno has them too, a page has not. */
interface Machine {
  readonly fs: { existsSync(file: string): boolean; readFileSync(file: string): Uint8Array };
  readonly module: { createRequire(from: string): { resolve(name: string): string } };
}

function machine(): Machine | undefined {
  const { process } = globalThis as unknown as {
    process?: { getBuiltinModule?: (name: string) => unknown }; // as Node documents it
  };
  const builtin = process?.getBuiltinModule;
  if (builtin === undefined) return undefined;
  return {
    fs: builtin("node:fs") as Machine["fs"],
    module: builtin("node:module") as Machine["module"],
  };
}

/** The bytes of a file of a package, if it is installed. */
function packaged(name: string): Uint8Array | undefined {
  const found = machine();
  if (found === undefined) return undefined;
  try {
    const { url } = import.meta as unknown as { url: string }; // it is so in every module
    return found.fs.readFileSync(found.module.createRequire(url).resolve(name));
  } catch {
    return undefined;
  }
}

function findWasm(): Uint8Array {
  const bytes = packaged("@resvg/resvg-wasm/index_bg.wasm");
  if (bytes !== undefined) return bytes;
  throw new Error(
    "toPNG: expected the option wasm, the bytes of @resvg/resvg-wasm/index_bg.wasm, which cannot " +
      "be looked for here",
  );
}

/** Where systems keep a font that will do. */
const systemFonts = [
  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
  "/usr/share/fonts/TTF/DejaVuSans.ttf",
  "/usr/share/fonts/dejavu-sans-fonts/DejaVuSans.ttf",
  "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
  "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
  "/System/Library/Fonts/Supplemental/Arial.ttf",
  "C:\\Windows\\Fonts\\segoeui.ttf",
  "C:\\Windows\\Fonts\\arial.ttf",
];

function findFonts(): Uint8Array[] {
  const names = ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSansMono"];
  const dejaVu = names.flatMap((name) => packaged(`dejavu-fonts-ttf/ttf/${name}.ttf`) ?? []);
  if (dejaVu.length > 0) return dejaVu;
  const fs = machine()?.fs;
  const file = systemFonts.find((name) => fs?.existsSync(name));
  if (fs !== undefined && file !== undefined) return [fs.readFileSync(file)];
  throw new Error(
    "toPNG: expected a font, found none; npm install dejavu-fonts-ttf, or give fonts",
  );
}
