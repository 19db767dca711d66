/** Marks words in the section that the address names, for a moment. Read search.ts first. */

const duration = 5000; // milliseconds

export function markWords(words: readonly string[]): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target === null || !("highlights" in CSS)) return;
  target.scrollIntoView(); // pictures above may have taken their places since
  const ranges = textsOf(target).flatMap((text) => rangesIn(text, words));
  CSS.highlights.set("found", new Highlight(...ranges));
  setTimeout(() => CSS.highlights.delete("found"), duration);
}

/** The texts of a section, from its heading to the next one. */
function textsOf(heading: Element): Text[] {
  const texts: Text[] = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ALL);
  walker.currentNode = heading;
  for (let node: Node | null = heading; node !== null; node = walker.nextNode()) {
    if (node !== heading && node instanceof Element && node.matches("h1, h2, h3, dt, footer"))
      break;
    if (node instanceof Text) texts.push(node);
  }
  return texts;
}

function rangesIn(text: Text, words: readonly string[]): Range[] {
  return [...text.data.matchAll(wordsPattern(words))].map(({ 0: word, index }) => {
    const range = document.createRange();
    range.setStart(text, index);
    range.setEnd(text, index + word.length);
    return range;
  });
}

/** Finds whole words, in either case. */
export function wordsPattern(words: readonly string[]): RegExp {
  const any = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join("|");
  return new RegExp(`(?<![\\p{L}\\p{N}_])(?:${any})(?![\\p{L}\\p{N}_])`, "giu");
}
