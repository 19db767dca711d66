/** Whether the reader wants type hints. Nothing to read first. */

import { notice } from "../shell/announce.ts";
import { store } from "../shell/store.ts";

const name = "types";

export const areTypesOn = (): boolean => store.setting(name) === "on";

export function toggleTypes(): void {
  store.setSetting(name, areTypesOn() ? undefined : "on");
  notice(
    areTypesOn()
      ? "Type hints are on. They show in the editor of a cell: F1 explains the name at the caret, F8 goes to the next error. 1 MB is loaded for them the first time."
      : "Type hints are off.",
  );
}
