/**
 * Type hints in the editor, off until asked for: then types.ts is loaded, and with it TypeScript. Read
 * types.ts next.
 */

import { Compartment, type Extension } from "@codemirror/state";
import { ViewPlugin } from "@codemirror/view";
import { store } from "../shell/store.ts";
import { areTypesOn } from "./type-setting.ts";

/** Follows the reader's setting. */
export function typeHints(): Extension {
  const compartment = new Compartment();
  const follow = ViewPlugin.define((view) => {
    let isOn = false;
    let isOpen = true;
    const update = async () => {
      const wanted = areTypesOn();
      if (wanted === isOn) return;
      isOn = wanted;
      const extension = wanted ? (await import("./types.ts")).types() : [];
      if (isOpen && isOn === wanted) view.dispatch({ effects: compartment.reconfigure(extension) });
    };
    const stop = store.onChange(() => void update());
    queueMicrotask(update); // not while the editor is being made
    return {
      destroy() {
        isOpen = false;
        stop();
      },
    };
  });
  return [compartment.of([]), follow];
}
