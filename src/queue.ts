/**
 * A queue that hands out nodes from the youngest to the oldest. It is how `backward` finds an
 * order without sorting; nothing needs to be read before it.
 *
 * Every node has a time, a whole number that no other node has, and what is put in is older than
 * what was taken out last. So a table does it, with a place for each time, walked once:
 *
 *     start                            start - end
 *     | taken | taken | node | (none) | node | node |
 *                       ^ at
 *
 * Most graphs were made in one go, and their table has few empty places. For a node whose time is
 * very far back the table would be mostly empty: such nodes wait in `far`, and the table begins
 * anew at the youngest of them when it has been walked to its end.
 */

/** A table of the last queue, kept for the next one while it is small. It holds only nulls. */
let spare: (object | null)[] | null = null;
const SPARE_LIMIT = 1 << 18;

/** How many places the table may have: this many, and some more each time that it gets longer. */
const SLACK = 1 << 16;
const SLACK_PER_NODE = 16;

export class YoungestFirst<T extends object> {
  #table: (T | null)[];
  #start = 0;
  #at = 0;
  #end = 0;
  #room = SLACK; // places from here on are for `far`
  #growth = SLACK_PER_NODE;
  #far: { item: T; time: number }[] = [];

  constructor() {
    // The table holds nulls only, so it may as well be a table for T.
    this.#table = (spare as (T | null)[] | null) ?? new Array(1024).fill(null);
    spare = null;
  }

  /**
   * Files an item. Its time is no other item's, and below that of every item taken so far; the
   * first item put in is the youngest of all.
   */
  put(item: T, time: number): void {
    if (this.#end === 0) this.#start = time;
    const place = this.#start - time;
    if (place >= this.#end) {
      this.#room += this.#growth;
      if (place >= this.#room) {
        // From now on the table ends before this item, or older ones might overtake it.
        this.#far.push({ item, time });
        this.#growth = 0;
        return;
      }
      this.#end = place + 1;
      if (place >= this.#table.length) this.#grow();
    }
    this.#table[place] = item;
  }

  /** The youngest item, which leaves the queue; null when there is none. */
  take(): T | null {
    const table = this.#table;
    for (let at = this.#at; at < this.#end; at++) {
      const item = table[at];
      if (item !== null) {
        table[at] = null;
        this.#at = at + 1;
        return item;
      }
    }
    return this.#far.length > 0 ? this.#beginAnew() : null;
  }

  /** Empties the queue and leaves its table to the next one. */
  close(): void {
    this.#table.fill(null, this.#at, this.#end);
    if (this.#table.length <= SPARE_LIMIT) spare = this.#table;
    this.#far = [];
    this.#at = this.#end = 0;
  }

  #grow(): void {
    const length = Math.max(this.#end, 2 * this.#table.length);
    const table = new Array<T | null>(length).fill(null);
    for (let i = this.#at; i < this.#table.length; i++) table[i] = this.#table[i];
    this.#table = table;
  }

  #beginAnew(): T | null {
    const waiting = this.#far.sort((p, q) => q.time - p.time);
    this.#far = [];
    this.#at = this.#end = 0;
    this.#room = SLACK;
    this.#growth = SLACK_PER_NODE;
    for (const { item, time } of waiting) this.put(item, time);
    return this.take();
  }
}
