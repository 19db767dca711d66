/** The numbers around the plane. Read frame.ts first. */

import type { Frame } from "./frame.ts";
import { inputName } from "./plane-words.ts";
import { shortText, svg, ticks } from "./text.ts";

/** The frame's border, its ticks, and the names of what goes across and up. */
export function planeAxes(frame: Frame): SVGElement[] {
  const { left, top, width, height, plane } = frame;
  const [bottom, right] = [top + height, left + width];
  const texts: SVGElement[] = [];
  const text = (x: number, y: number, anchor: string, words: string, look = "tick") =>
    texts.push(svg("text", { x, y, "text-anchor": anchor, class: look }, words));
  let marks = "";
  for (const number of ticks(frame.sideways, width / 70)) {
    const x = Math.round(frame.pixelAcross(number)) + 0.5;
    marks += `M${x} ${bottom}v4`;
    text(x, bottom + 17, "middle", shortText(number));
  }
  for (const number of ticks(frame.upwards, height / 60)) {
    const y = Math.round(frame.pixelUp(number)) + 0.5;
    marks += `M${left} ${y}h-4`;
    text(left - 7, y + 4, "end", shortText(number));
  }
  text(right - 3, bottom - 6, "end", inputName(plane.across), "name");
  text(left + 6, top + 15, "start", plane.isLine ? "output" : inputName(plane.up), "name");
  const border = svg("rect", { x: left, y: top, width, height });
  return [border, svg("path", { d: marks }), ...texts];
}
