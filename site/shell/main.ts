/** What every page runs. */

import "../styles/tokens.css";
import "../styles/site.css";
