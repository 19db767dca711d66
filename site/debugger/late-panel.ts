/** A panel whose script is asked for only when the page shows something. Read panel.ts first. */

import { make } from "./make.ts";
import type { Moment, Panel } from "./panel.ts";

/**
 * Stands for a panel until it is there: what stands above it in the page does not wait for it.
 *
 * @param load brings the panel
 */
export function latePanel(
  { name, title }: Pick<Panel, "name" | "title">,
  load: () => Promise<() => Panel>,
): Panel {
  const element = make("div");
  let panel: Panel | undefined;
  let last: Moment | undefined;
  const bring = async () => {
    panel = (await load())();
    element.append(panel.element);
    if (last !== undefined) panel.show(last);
  };
  return {
    name,
    title,
    element,
    show(moment) {
      if (last === undefined) void bring();
      last = moment;
      panel?.show(moment);
    },
  };
}
