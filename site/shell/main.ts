/** What every page runs. */

import "../styles/site.css";
