/** What every page runs. */

import "../styles/tokens.css";
import "../styles/site.css";
import "../styles/shell.css";
import "../styles/progress.css";
import "../styles/print.css";
import { startCopying } from "./copy.ts";
import { startFlags } from "./flags.ts";
import { startInPlace } from "./in-place.ts";
import { startMenu, startSections } from "./navigation.ts";
import { keepForOffline } from "./offline.ts";
import { startPlace } from "./place.ts";
import { startProgress } from "./progress.ts";
import { startSearch } from "./search.ts";
import { startTheme } from "./theme.ts";

startTheme();
startFlags();
startMenu();
startSections();
startPlace();
startCopying();
startSearch();
startInPlace();
startProgress();
keepForOffline();
