/** What every page runs. */

import "../styles/site.css";
import { keepForOffline } from "./offline.ts";

keepForOffline();
