/** Numbers and elements of the views. Nothing to read first. */

/** A number for reading: four digits behind the point, or a power of ten if it is very large or small. */
export function numberText(x: number): string {
  const size = Math.abs(x);
  const text =
    Number.isFinite(x) && size !== 0 && (size < 5e-5 || size >= 1e5)
      ? x.toExponential(3)
      : Number.isFinite(x)
        ? x.toFixed(4)
        : String(x);
  return text.replace("-", "−");
}

/** A number for labels: as short as three digits allow. */
export function shortText(x: number): string {
  if (!Number.isFinite(x)) return String(x).replace("-", "−");
  const size = Math.abs(x);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? x.toExponential(1).replace("e+", "e")
      : String(Number(x.toPrecision(3)));
  return text.replace("-", "−");
}

/** "1 point", "2 points". */
export const count = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? "" : "s"}`;

const SVG = "http://www.w3.org/2000/svg";

type Attributes = Readonly<Record<string, string | number>>;

/** An element of a page with attributes, and what is inside. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  setAll(element, attributes);
  element.append(...inside);
  return element;
}

/** An element of a picture. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...inside: (Node | string)[]
): SVGElementTagNameMap[Tag] {
  const element = document.createElementNS(SVG, tag);
  setAll(element, attributes);
  element.append(...inside);
  return element;
}

/** Sets attributes, and leaves those alone that are so already. */
export function setAll(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    const text = String(value);
    if (element.getAttribute(name) !== text) element.setAttribute(name, text);
  }
}

/** Round numbers from one to another, about so many. */
export function ticks([from, to]: readonly [number, number], most: number): number[] {
  const rough = (to - from) / Math.max(1, most);
  if (!(rough > 0) || !Number.isFinite(rough)) return [];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * 0.7)!; // 10 is
  const found: number[] = [];
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    found.push(Number((i * step).toPrecision(12)));
  }
  return found;
}

let ids = 0;

/** An id that no other element of the page has. */
export function nextId(): string {
  ids += 1;
  return `view-${ids}`;
}
