/** The worker that trains. Read player.ts first. */

import type { Report, Request } from "./messages.ts";
import { Player } from "./player.ts";

const page = globalThis as unknown as {
  postMessage(report: Report): void;
  onmessage: (event: MessageEvent<Request>) => void;
};

// A message to itself comes sooner than a timer, and after those of the page that are there already.
const { port1: here, port2: there } = new MessageChannel();
const calls: (() => void)[] = [];
here.onmessage = () => calls.shift()?.();

const player = new Player({
  post: (report) => page.postMessage(report),
  later: (call, milliseconds) => {
    if (milliseconds >= 1) {
      setTimeout(call, milliseconds);
      return;
    }
    calls.push(call);
    there.postMessage(undefined);
  },
});
page.onmessage = ({ data }) => player.receive(data);
