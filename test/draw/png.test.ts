// toPNG: pictures with their text in them, whatever machine it is.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { toDot } from "../../src/draw/dot.ts";
import { renderDot } from "../../src/draw/graphviz.ts";
import { toPNG } from "../../src/draw/png.ts";
import { document, escapeText, palette, textAt } from "../../src/draw/svg.ts";
import { inTheme } from "../../src/draw/theme.ts";
import { Value } from "../../src/value.ts";
import { hostileLabels } from "./hostile-labels.ts";

const picture = (body = "") =>
  document({ width: 120, height: 40, title: "T", description: "D", body });

/** What a PNG holds: its size, and how many of its bytes of colour are not those of the panel. */
function decode(png: Uint8Array): { width: number; height: number; pixels: Uint8Array } {
  const bytes = Buffer.from(png);
  expect(bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += bytes.readUInt32BE(at) + 12) {
    const length = bytes.readUInt32BE(at);
    const kind = bytes.toString("latin1", at + 4, at + 8);
    if (kind === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + length));
  }
  const pixels = inflateSync(Buffer.concat(parts));
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20), pixels };
}

test("toPNG: twice the size of the picture, or as often as is asked for", async () => {
  expect(decode(await toPNG(picture()))).toMatchObject({ width: 240, height: 80 });
  expect(decode(await toPNG(picture(), { scale: 1 }))).toMatchObject({ width: 120, height: 40 });
});

test("toPNG: text is in it", async () => {
  const [without, plain, bold] = await Promise.all(
    ["", textAt(10, 20, "data 2.0000"), textAt(10, 20, "data 2.0000", { bold: true })].map(
      async (body) => decode(await toPNG(picture(body))).pixels,
    ),
  );
  expect(plain).not.toEqual(without);
  expect(bold).not.toEqual(plain);
});

test("toPNG: the same bytes every time", async () => {
  const svg = await renderDot(toDot(new Value(2, "a").add(3)));
  expect(await toPNG(svg)).toEqual(await toPNG(svg));
});

test("toPNG: fonts that are handed in are used", async () => {
  const require = createRequire(import.meta.url);
  const serif = readFileSync(require.resolve("dejavu-fonts-ttf/ttf/DejaVuSerif.ttf"));
  const svg = picture(textAt(10, 20, "data"));
  const [own, given] = [await toPNG(svg), await toPNG(svg, { fonts: [serif] })];
  expect(decode(given).pixels).not.toEqual(decode(own).pixels);
  expect(decode(given).pixels).not.toEqual(decode(await toPNG(picture())).pixels);
});

for (const { name, label } of hostileLabels) {
  test(`toPNG: ${name} becomes a picture of the right size`, async () => {
    const svg = await renderDot(toDot(new Value(2, label)));
    const [, width, height] = /width="(\d+)" height="(\d+)" role/.exec(svg) ?? [];
    const size = decode(await toPNG(svg, { scale: 1 }));
    expect(size).toMatchObject({ width: Number(width), height: Number(height) });
  });
}

test("inTheme: colours of that theme in every shape, and nothing that needs a style sheet", () => {
  const svg = picture(textAt(10, 20, 'class="cr-fill-ink" fill="red" <style></style>'));
  const dark = inTheme(svg, "dark");
  expect(dark).toContain(`fill="${palette.panel[1]}" stroke="${palette.line[1]}"`);
  expect(dark).toContain(`fill="${palette.ink[1]}"`);
  expect(dark).not.toMatch(/<style|class="/);
  expect(dark).toContain(escapeText('class="cr-fill-ink" fill="red" <style></style>'));
  expect(inTheme(svg, "light")).toContain(`fill="${palette.panel[0]}"`);
});

test("inTheme: what is no text and no theme is told", () => {
  // @ts-expect-error: not a string
  expect(() => inTheme(3, "dark")).toThrow("inTheme: expected a string of SVG, got 3");
  // @ts-expect-error: no theme
  expect(() => inTheme(picture(), "auto")).toThrow("inTheme: expected one of light, dark, got");
});

test("toPNG: what is no picture, no scale or too large is told", async () => {
  // @ts-expect-error: not a string
  await expect(toPNG(3)).rejects.toThrow("toPNG: expected a string of SVG, got 3");
  await expect(toPNG(picture(), { scale: 0 })).rejects.toThrow("toPNG: expected a scale above 0");
  const wrong: [options: object, message: string][] = [
    [{ scale: true }, "toPNG: expected a scale above 0 and at most 20, got true"],
    [{ theme: "auto" }, 'toPNG: theme: expected one of light, dark, got "auto" (a string)'],
    [{ wasm: "x.wasm" }, 'toPNG: wasm: expected bytes, a Uint8Array, got "x.wasm" (a string)'],
    [{ fonts: "x.ttf" }, "toPNG: fonts: expected an array of one font or more, got"],
    [{ fonts: [] }, "toPNG: fonts: expected an array of one font or more, got none"],
    [{ fonts: ["x.ttf"] }, "toPNG: font 0: expected bytes, a Uint8Array, got"],
  ];
  for (const [options, message] of wrong) {
    await expect(toPNG(picture(), options)).rejects.toThrow(message);
  }
  await expect(toPNG("<svg")).rejects.toThrow("toPNG: expected SVG, but resvg says:");
  const large = document({ width: 9e4, height: 9e4, title: "T", description: "D", body: "" });
  await expect(toPNG(large)).rejects.toThrow("toPNG: expected at most 64000000 pixels");
  expect(decode(await toPNG(picture(), { scale: 1 }))).toMatchObject({ width: 120 }); // still well
});
