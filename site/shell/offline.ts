/**
 * Asks the browser to keep the site for times without a network. Read service-worker.ts first.
 *
 * Nothing waits for it, and nothing depends on it: a browser that keeps nothing shows every page as
 * long as the host answers.
 */

/** Starts once the page is there, so that keeping the rest of the site does not slow it down. */
export function keepForOffline(): void {
  if (!("serviceWorker" in navigator)) return; // not over plain http, nor where it is turned off
  if (window.top !== window) return; // a figure in somebody else's page keeps nothing
  if (document.readyState === "complete") register();
  else window.addEventListener("load", register, { once: true });
}

function register(): void {
  // Refused where storage is blocked.
  navigator.serviceWorker.register("./sw.js", { updateViaCache: "none" }).catch(() => {});
}
