/** What the front page runs. */

import "../styles/front.css";
