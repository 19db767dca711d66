/**
 * The script of the sandboxed frame that holds the worker. It starts the worker, hands it its port to
 * the page, and answers the page's pings for as long as its process lives; it hears nobody but the
 * page, and what the worker says to it nobody hears. Read kernel.ts first.
 */

/** What the page sends, with two ports: the frame's own and the worker's. */
interface Start {
  /** The text of the worker's module. */
  readonly script: string;
}

// Chromium refuses module workers here, so a classic one imports the module.
const classic = `addEventListener("message", ({ data, ports: [port] }) => {
  const url = URL.createObjectURL(new Blob([data], { type: "text/javascript" }));
  import(url).then((worker) => worker.start(port));
}, { once: true });`;

addEventListener("message", begin);

function begin({ source, data, ports }: MessageEvent): void {
  const [own, worker] = ports;
  if (source !== parent || own === undefined || worker === undefined) return;
  removeEventListener("message", begin);
  const { script } = data as Start; // the page is trusted
  const running = new Worker(URL.createObjectURL(new Blob([classic], { type: "text/javascript" })));
  running.onerror = () => own.postMessage("error");
  running.postMessage(script, [worker]);
  own.onmessage = () => own.postMessage("here");
}
