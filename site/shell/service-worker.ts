/**
 * The service worker: keeps every file of one build of the site, and answers with them. Read
 * site/build/offline.mjs first, which tells it the files of its build.
 *
 * A page never meets files of two builds:
 * 1. A build is kept whole or not at all: each file must have the content that the build gave it.
 * 2. The worker of a new build waits while pages of the old one are open, as browsers have it.
 * 3. When the only open page is left for another one of the site, the old worker lets the new one in
 *    before it answers; otherwise someone who never closes the course would never get the new build.
 */

/** What service workers have and TypeScript's types of the page do not tell. */
interface ServiceWorkerScope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(options: { type: "window" }): Promise<readonly unknown[]>;
  };
  skipWaiting(): Promise<void>;
  readonly course: {
    /** Another build has another. */
    readonly version: string;
    /** SHA-256 in hex by name, for every file of the build; names are paths from the folder. */
    readonly files: Readonly<Record<string, string>>;
  };
  addEventListener(type: "install" | "activate", listener: (event: Lasting) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: Fetching) => void): void;
}
interface Lasting {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}

const worker = self as unknown as ServiceWorkerScope; // true where this file runs
const folder = new URL("./", location.href);
const files = new Map(Object.entries(worker.course.files));

// Another course on the same origin, in another folder, has caches of its own.
const prefix = `chainrule ${folder.pathname} `;
const cacheName = prefix + worker.course.version;

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));

worker.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      const others = (await caches.keys()).filter((name) => name !== cacheName);
      await Promise.all(
        others.filter((name) => name.startsWith(prefix)).map((name) => caches.delete(name)),
      );
      await worker.clients.claim(); // the first visit's page too can do everything offline
    })(),
  ),
);

worker.addEventListener("message", ({ data }) => {
  if (data === takeOver) worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const name = fileFor(event.request);
  if (name !== undefined) event.respondWith(answer(event.request, name));
});

// --- Keeping ------------------------------------------------------------------------------------

/** Keeps all files, or none: then the page works on without it, and the next visit tries again. */
async function keepAll(): Promise<void> {
  try {
    const cache = await caches.open(cacheName);
    await Promise.all(
      [...files].map(async ([name, hash]) => cache.put(addressOf(name), await find(name, hash))),
    );
  } catch (error) {
    await caches.delete(cacheName);
    throw error;
  }
}

/** A file with the content that it had in the build: from an older build, else from the host. */
async function find(name: string, hash: string): Promise<Response> {
  const address = addressOf(name);
  const kept = await caches.match(address);
  if (kept !== undefined && (await hashOf(await kept.clone().arrayBuffer())) === hash) return kept;
  const response = await fetch(address, { cache: "no-cache" });
  const content = await response.arrayBuffer();
  if ((await hashOf(content)) !== hash) throw new Error(`${name}: not the file of this build`);
  // Made anew, because browsers refuse one that came by a redirection, say from x.html to x.
  const type = response.headers.get("content-type") ?? "";
  return new Response(content, { headers: { "content-type": type } });
}

async function hashOf(content: ArrayBuffer): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function addressOf(name: string): string {
  return new URL(name, folder).href;
}

// --- Answering ----------------------------------------------------------------------------------

/** The name of the file that a request is for, if it is one of ours; its query does not matter. */
function fileFor({ method, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== folder.origin) return undefined;
  if (!pathname.startsWith(folder.pathname)) return undefined;
  const name = pathname.slice(folder.pathname.length);
  // Some hosts leave out ".html".
  return [name === "" ? "index.html" : name, `${name}.html`].find((name) => files.has(name));
}

async function answer(request: Request, name: string): Promise<Response> {
  if (request.mode === "navigate" && (await letNewBuildIn())) {
    // Nothing but: ask again at once. The new worker answers then.
    return new Response("", { headers: { "content-type": "text/html", refresh: "0" } });
  }
  // On one's own machine the host is never slow: what an author has just saved is shown, and what
  // another project serves at the same port.
  if (folder.hostname === "localhost") {
    const fresh = await fetch(request).catch(() => undefined);
    if (fresh?.ok) return fresh;
  }
  const kept = await fromCache(name);
  return kept ?? fetch(request);
}

/** What is kept of a file; nothing if the browser threw it away or lets nobody look. */
async function fromCache(name: string): Promise<Response | undefined> {
  try {
    const cache = await caches.open(cacheName);
    return await cache.match(addressOf(name));
  } catch {
    return undefined;
  }
}

const takeOver = "take over";
let asked = false; // once is enough, or a worker that does not come would have us ask for ever

/** Lets a waiting worker take over if that takes no file away from a page that stays open. */
async function letNewBuildIn(): Promise<boolean> {
  const { waiting } = worker.registration;
  if (waiting === null || asked) return false;
  const pages = await worker.clients.matchAll({ type: "window" });
  if (pages.length > 1) return false; // one is the page that is being left
  asked = true;
  waiting.postMessage(takeOver);
  return true;
}
