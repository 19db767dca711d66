/** Runs before anything is painted: the theme, and the word that scripts run. Nothing to read first. */

document.documentElement.classList.add("js");
