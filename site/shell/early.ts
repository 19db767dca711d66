/**
 * Runs before anything is painted: says that scripts run, sets the theme and the flags of the address.
 * Read settings.ts first.
 */

import { setting } from "./settings.ts";

const page = document.documentElement;
page.classList.add("js");

const theme = setting("theme");
if (theme === "light" || theme === "dark") page.dataset.theme = theme;

const flags = new URLSearchParams(location.search);
page.classList.toggle("hide-solutions", flags.get("solutions") === "hide");
page.classList.toggle("projector", flags.has("projector"));
