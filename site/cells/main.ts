/** What lesson pages run. */

import "../shell/reading.ts";
