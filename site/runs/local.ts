/** Trains on the page's own thread, where no worker can be started. Read player.ts first. */

import type { Report, Request } from "./messages.ts";
import { Player } from "./player.ts";

/** Takes what would be sent to the worker. */
export function playHere(post: (report: Report) => void): (request: Request) => void {
  const player = new Player({
    post: (report) => setTimeout(() => post(report)), // as a message would come
    later: (call, milliseconds) => setTimeout(call, Math.max(milliseconds, 8)), // the page is drawn
  });
  return (request) => player.receive(request);
}
