// The queue behind `backward`: whatever was put in comes out from the youngest to the oldest.

import fc from "fast-check";
import { expect, test } from "vitest";
import { YoungestFirst } from "../src/queue.ts";

interface Item {
  readonly time: number;
}

/** Everything that is left, in the order in which it comes out. */
function rest(queue: YoungestFirst<Item>): number[] {
  const times: number[] = [];
  for (let item = queue.take(); item !== null; item = queue.take()) times.push(item.time);
  return times;
}

const descending = (times: readonly number[]) => [...times].sort((p, q) => q - p);

// The youngest item is put in and taken first, as the output of a graph is.
function started(time: number): YoungestFirst<Item> {
  const queue = new YoungestFirst<Item>();
  queue.put({ time }, time);
  expect(queue.take()).toEqual({ time });
  return queue;
}

test("YoungestFirst.take: null when there is nothing", () => {
  const queue = new YoungestFirst<Item>();
  expect(queue.take()).toBeNull();
  expect(queue.take()).toBeNull();
  queue.close();
});

test("YoungestFirst.take: the very object that was put in", () => {
  const queue = new YoungestFirst<Item>();
  const item = { time: 7 };
  queue.put(item, 7);
  expect(queue.take()).toBe(item);
  expect(queue.take()).toBeNull();
  queue.close();
});

test("YoungestFirst.take: an item that waits far back is not overtaken by an older one", () => {
  // The older one is put in when the table has grown long enough to hold both.
  const start = 1_000_000;
  const queue = started(start);
  const times = [start - 70_000];
  for (let i = 1; i <= 2000; i++) times.push(start - i);
  times.push(start - 75_000);
  for (const time of times) queue.put({ time }, time);
  expect(rest(queue)).toEqual(descending(times));
  queue.close();
});

test("YoungestFirst.take: items billions of times apart come out in order, and at once", () => {
  const start = 2 ** 52;
  const queue = started(start);
  const times = [1, 2, 3, 5e9, 5e9 + 1, 2 ** 51, start - 1, start - 2];
  for (const time of times) queue.put({ time }, time);
  expect(rest(queue)).toEqual(descending(times));
  queue.close();
});

test("YoungestFirst: any mixture of puts and takes comes out in order", () => {
  // Each step puts some items at some distances below the last one taken, then takes some.
  const distance = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 1, max: 50 }) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 5000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 60_000, max: 90_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 10_000_000 }) },
  );
  const step = fc.record({
    puts: fc.array(distance, { maxLength: 40 }),
    run: fc.integer({ min: 0, max: 1500 }), // so many neighbours right below, to lengthen the table
    takes: fc.integer({ min: 0, max: 60 }),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      let now = 1_000_000_000;
      const queue = started(now);
      const inside = new Set<number>();
      const put = (time: number) => {
        if (inside.has(time)) return;
        inside.add(time);
        queue.put({ time }, time);
      };
      for (const { puts, run, takes } of steps) {
        for (const d of puts) put(now - d);
        for (let i = 1; i <= run; i++) put(now - i);
        for (let i = 0; i < takes; i++) {
          const wanted = inside.size === 0 ? undefined : Math.max(...inside);
          expect(queue.take()?.time).toBe(wanted);
          if (wanted === undefined) break;
          inside.delete(wanted);
          now = wanted;
        }
      }
      expect(rest(queue)).toEqual(descending([...inside]));
      queue.close();
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("YoungestFirst: two queues at a time do not mix, whichever is closed first", () => {
  const outer = started(1000);
  outer.put({ time: 990 }, 990);
  const inner = started(2000);
  inner.put({ time: 1990 }, 1990);
  inner.put({ time: 995 }, 995);
  outer.put({ time: 980 }, 980);
  expect(rest(inner)).toEqual([1990, 995]);
  inner.close();
  expect(rest(outer)).toEqual([990, 980]);
  outer.close();
});

test("YoungestFirst.close: what was left inside does not turn up in the next queue", () => {
  const left = started(1000);
  for (const time of [999, 990, 10]) left.put({ time }, time);
  left.put({ time: -1e9 }, -1e9);
  left.close();
  const next = started(1000);
  expect(next.take()).toBeNull();
  next.put({ time: 500 }, 500);
  expect(rest(next)).toEqual([500]);
  next.close();
});
