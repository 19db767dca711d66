import { readFileSync } from "node:fs";
import { test } from "vitest";
import { openKernelPage } from "./kernel-page.ts";

const short = (r: any) =>
  JSON.stringify({
    ...r,
    outputs: r.outputs.map((o: any) => JSON.stringify(o).slice(0, 300)).slice(0, 6),
    n: r.outputs.length,
  });
const avail = () => Number(/MemAvailable:\s+(\d+)/.exec(readFileSync("/proc/meminfo", "utf8"))![1]);
for (const name of [process.env.B as "chromium"])
  test(name, async () => {
    const k = await openKernelPage(name);
    const msgs: string[] = [];
    k.page.on("console", (m) => msgs.push(m.text()));
    try {
      const t = async (s: string, o?: any) => {
        let least = Infinity;
        const start = avail();
        const timer = setInterval(() => {
          least = Math.min(least, avail());
          if (least < 5e6) {
            console.log("TOO MUCH");
            k.browser.process()?.kill("SIGKILL");
            clearInterval(timer);
          }
        }, 100);
        const r = await k.run(s, o);
        clearInterval(timer);
        console.log(name, s.slice(0, 80), short(r), "MB", (start - least) / 1000);
        console.log(short(await k.run("1 + 1")));
      };
      await t(`import { Value } from "chainrule"; let x = new Value(1); for (;;) x = x.add(1)`);
      await t(
        `class V { constructor(public data: number, public inputs: V[] = []) {} grad = 0; add(o: V) { return new V(this.data + o.data, [this, o]); } } let x = new V(1); for (;;) x = x.add(new V(1))`,
      );
      await t(`const l: any[] = []; for (;;) l.push([1, 2, 3])`);
      await t(`let s = "x"; for (;;) s += s`);
      await t(`const l: any[] = []; for (let i = 0; ; i++) l.push("x".repeat(1000) + i)`);
      if (process.env.TYPED)
        await t(`const l: any[] = []; for (;;) l.push(new Float64Array(1000).fill(1))`);
      if (process.env.TYPED)
        await t(`const l: any[] = []; for (;;) l.push(new Float64Array(1e8).fill(1))`);
    } finally {
      console.log(name, k.problems, msgs);
      await k.close();
    }
  }, 400_000);
