// Pictures in a page: no two have the same ids. Nothing to read first.

/**
 * A page with other ids where a picture repeats those of a picture above: equal shapes have equal ids.
 * @param {string} html
 */
export function withUniqueIds(html) {
  /** @type {Map<string, number>} */
  const times = new Map();
  return html.replace(/<svg\b[\s\S]*?<\/svg>/g, (svg) => {
    let unique = svg;
    for (const [, id] of svg.matchAll(/ id="([^"]+)"/g)) {
      const count = (times.get(id) ?? 0) + 1;
      times.set(id, count);
      if (count === 1) continue;
      unique = unique
        .replaceAll(` id="${id}"`, ` id="${id}-${count}"`)
        .replaceAll(`url(#${id})`, `url(#${id}-${count})`)
        .replaceAll(`href="#${id}"`, `href="#${id}-${count}"`);
    }
    return unique;
  });
}
