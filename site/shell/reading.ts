/** What pages with an article run: definitions of terms, and boxes that scroll. Read terms.ts first. */

import "../styles/lesson.css";
import { watchBoxes } from "./scrolling.ts";
import { startTerms } from "./terms.ts";

startTerms();
watchBoxes();
