// How long a page of the site takes, in Chromium: to be there, and to answer. Nothing to read first.

/** @typedef {import("../scripts/browsers.mjs").Page} Page */

/** Runs in a page before its scripts: notes when the first picture has its place. */
export const watchFirstPicture = `{
  const look = () => {
    const picture = document.querySelector("svg.cr-picture");
    if (picture?.getBoundingClientRect().height > 0) {
      window.firstPicture = performance.now();
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}`;

/**
 * How a page came to be, in milliseconds. `firstPaint` and `ready` count from the request on; `picture` from
 * the moment when the page's module scripts start, 0 if it was there before; `scripts` is their time.
 * @param {Page} page loaded, with `watchFirstPicture` before
 */
export async function loadTimes(page) {
  const painted = () => performance.getEntriesByName("first-contentful-paint").length > 0;
  await page.waitForFunction(painted);
  const { ScriptDuration = Number.NaN } = await page.metrics();
  const times = await page.evaluate(() => {
    const [navigation] = performance.getEntriesByType("navigation");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    // domInteractive is when the page has been read, and module scripts wait for that.
    const { domInteractive, domContentLoadedEventEnd } =
      /** @type {PerformanceNavigationTiming} */ (navigation);
    const { firstPicture } = /** @type {{ firstPicture?: number }} */ (
      /** @type {unknown} */ (window)
    );
    return {
      firstPaint: paint?.startTime,
      ready: domContentLoadedEventEnd,
      picture: firstPicture && Math.max(0, firstPicture - domInteractive),
    };
  });
  return { ...times, scripts: ScriptDuration * 1000 };
}

/**
 * Clicks on an element, and waits until another is there and painted.
 * @param {Page} page
 * @param {string} clicked selector
 * @param {string} awaited selector
 * @returns {Promise<number>} milliseconds
 */
export function timeUntil(page, clicked, awaited) {
  return page.evaluate(
    (clicked, awaited) =>
      new Promise((resolve, reject) => {
        const element = /** @type {HTMLElement | null} */ (document.querySelector(clicked));
        if (element === null) return reject(new Error(`there is no ${clicked}`));
        setTimeout(() => reject(new Error(`no ${awaited} after 30 s`)), 30_000);
        const start = performance.now();
        const look = () => {
          const found = document.querySelector(awaited);
          if (found === null || found.getBoundingClientRect().height === 0) {
            requestAnimationFrame(look);
          } else resolve(performance.now() - start);
        };
        element.click();
        look();
      }),
    clicked,
    awaited,
  );
}

/**
 * Clicks on a button of a cell, and waits until its run has ended, with its output in the page.
 * @param {Page} page
 * @param {string} cell selector
 * @param {"run" | "stop"} button
 * @returns {Promise<number>} milliseconds
 */
export function timeOfRun(page, cell, button) {
  return page.evaluate(
    (cell, button) =>
      new Promise((resolve, reject) => {
        const element = document.querySelector(cell);
        const found = element?.querySelector(`[data-do="${button}"]`);
        if (!(found instanceof HTMLElement)) return reject(new Error(`${cell}: no ${button}`));
        setTimeout(() => reject(new Error(`${cell}: no end after 30 s`)), 30_000);
        const start = performance.now();
        element?.addEventListener("cell-run", () => resolve(performance.now() - start), {
          once: true,
        });
        found.click();
      }),
    cell,
    button,
  );
}

/**
 * Has a cell loop for ever, lets it do so for a while, and stops it.
 * @param {Page} page
 * @param {string} cell selector
 * @returns {Promise<number>} milliseconds from the click on Stop
 */
export async function timeOfStop(page, cell) {
  await page.evaluate((cell) => {
    const element = document.querySelector(cell);
    /** @type {any} */ (element).source = "while (true);"; // a LessonCell
    /** @type {HTMLElement | null} */ (element?.querySelector('[data-do="run"]'))?.click();
  }, cell);
  await page.waitForSelector(`${cell} [data-do="stop"]:not([hidden])`);
  await new Promise((resolve) => setTimeout(resolve, 300));
  return timeOfRun(page, cell, "stop");
}
