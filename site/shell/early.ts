/**
 * Runs before anything is painted: says that scripts run, sets the theme and the flags of the address.
 * Nothing to read first.
 */

const page = document.documentElement;
page.classList.add("js");

const flags = new URLSearchParams(location.search);
const isEmbedded = flags.has("embed") || window.top !== window.self;
page.classList.toggle("embedded", isEmbedded);
// Within a page of this site (figures/in-place.ts), the frame is as tall as what is in it.
page.classList.toggle("in-place", window.frameElement?.hasAttribute("data-in-place") ?? false);

// Within another page, that one may say which theme goes with it.
const theme = (isEmbedded && flags.get("theme")) || chosenTheme();
if (theme === "light" || theme === "dark") page.dataset.theme = theme;

page.classList.toggle("hide-solutions", flags.get("solutions") === "hide");
page.classList.toggle("projector", flags.has("projector"));

/** What store.ts keeps as the setting "theme". */
function chosenTheme(): string | null {
  try {
    return localStorage.getItem("chainrule:setting:theme");
  } catch {
    return null; // storage is blocked
  }
}
