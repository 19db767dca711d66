/**
 * The packages that some pictures need and the engine does not. Each is optional: without it
 * everything else works, and what needs it says how to install it. Nothing to read first.
 */

/** What charts need: one command installs all, not one error after the other. */
const charts = ["d3-scale", "d3-shape", "d3-contour"];

/**
 * Looks for an optional package once, when the module that needs it is loaded.
 *
 * @param name the package, as `npm install` takes it
 * @param found the package's `import(…)`
 * @returns a function that gives the package, or throws an Error that names the install command
 * @example const scale = await peer("d3-scale", import("d3-scale")); scale().scaleLinear();
 */
export async function peer<T>(name: string, found: Promise<T>): Promise<() => T> {
  try {
    const present = await found;
    return () => present;
  } catch (error) {
    return () => {
      const needed = charts.includes(name) ? charts.join(" ") : name;
      throw new Error(
        `chainrule/draw: expected the package ${name}, got none; npm install ${needed}`,
        { cause: error },
      );
    };
  }
}
