// The built site in a real browser. Nothing to read first.

import type { Browser, BrowserContext, Page } from "puppeteer-core";
import { onTestFinished } from "vitest";
import { launchBrowser } from "../../scripts/browsers.mjs";
import { type Server, serve } from "../../scripts/serve.mjs";
import { ensureSite } from "../../scripts/set-up.mjs";

export interface Site {
  readonly url: string;
  readonly browser: Browser;
  readonly server: Server;
  /**
   * A page of the site in a browser context of its own, without anything stored. If a test opens it, it is
   * closed with the test: pages that stay open make all others slower.
   */
  open(path: string, options?: OpenOptions): Promise<SitePage>;
  close(): Promise<void>;
}

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: "light" | "dark";
}

export interface OpenOptions extends Look {
  readonly javaScript?: boolean;
  /** Runs in the page before its own scripts. */
  readonly before?: string;
}

/** A page, with what went wrong in it. */
export interface SitePage extends Page {
  /** Errors that nobody caught, and messages of `console.error`. */
  readonly problems: string[];
  /** Addresses asked for. */
  readonly requests: string[];
}

export interface SiteOptions {
  /** The path of the front page, say "/course/". */
  readonly under?: string;
  /** A browser that is there already, and is not closed. */
  readonly shared?: Browser;
  /** Do pages keep the site for times without a network? That takes its time for each page. */
  readonly offline?: boolean;
}

/** Builds the site if need be, serves it and starts a browser. */
export async function openSite(
  name: "chromium" | "firefox" = "chromium",
  { under, shared, offline = false }: SiteOptions = {},
): Promise<Site> {
  const server = await serve(await ensureSite("the tests"), { under });
  const browser = shared ?? (await launchBrowser(name));
  return {
    url: server.url,
    browser,
    server,
    async open(path, { width = 1280, height = 900, theme, javaScript = true, before } = {}) {
      const context = await browser.createBrowserContext();
      closeAfterTest(context);
      const page = (await context.newPage()) as SitePage;
      const problems: string[] = [];
      const requests: string[] = [];
      Object.assign(page, { problems, requests });
      page.on("pageerror", (error) => problems.push(String(error)));
      page.on("console", (message) => {
        if (message.type() === "error") problems.push(message.text());
      });
      page.on("request", (request) => requests.push(request.url()));
      await lookAt(page, { width, height, theme });
      if (!javaScript) await page.setJavaScriptEnabled(false);
      if (!offline) await page.evaluateOnNewDocument("delete Navigator.prototype.serviceWorker");
      if (before) await page.evaluateOnNewDocument(before);
      await page.goto(new URL(path, server.url).href);
      return page;
    },
    async close() {
      if (shared === undefined) await browser.close();
      await server.close();
    },
  };
}

/** Looks at a page in another way: far sooner done than to open it again. */
export async function lookAt(page: Page, { width = 1280, height = 900, theme }: Look) {
  await page.setViewport({ width, height });
  if (theme) await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: theme }]);
}

function closeAfterTest(context: BrowserContext): void {
  const close = () => context.close().catch(() => {}); // the test may have closed it, or the browser
  try {
    onTestFinished(close);
  } catch {
    // Opened for several tests, and closed with the browser.
  }
}
