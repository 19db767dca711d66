/** What lesson pages run. Read lesson-cell.ts first. */

import "../figures/predict.ts";
import { loadLiveTexts, loadScrubbing } from "../figures/when-near.ts";
import { notice } from "../shell/announce.ts";
import "../shell/reading.ts";
import { store } from "../shell/store.ts";
import "../styles/cells.css";
import "../styles/live.css";
import { startExercise } from "./exercise.ts";
import { LessonCell, lookAgain, notebook } from "./lesson-cell.ts";
import { LessonTools } from "./lesson-tools.ts";

customElements.define("lesson-cell", LessonCell);
customElements.define("lesson-tools", LessonTools);
for (const section of document.querySelectorAll<HTMLElement>(".exercise")) startExercise(section);

const lessonCells = () => notebook.cells.filter((cell) => cell instanceof LessonCell);
lookAgain();
loadLiveTexts();
loadScrubbing(lessonCells());
const cellOf = (number: number) => lessonCells().find((cell) => cell.number === number);

// What is typed is on disk before the page goes away.
const saveAll = () => {
  for (const cell of lessonCells()) cell.save();
};
addEventListener("pagehide", saveAll);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) saveAll();
});

const lesson = document.querySelector<HTMLElement>("article.lesson")?.dataset.lesson;
store.onChange((change) => {
  if (change.setting !== undefined) return;
  // A change without a lesson may be anything: a file was imported, the storage was emptied.
  if (change.here && change.lesson !== undefined) return;
  if (change.lesson !== undefined && change.lesson !== lesson) return;
  for (const cell of lessonCells()) {
    if (change.cell === undefined || change.cell === cell.key) cell.lookAtStorage();
  }
});

// The place in an error leads to the line.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-line]") : null;
  const number = /^#cell-(\d+)$/.exec(link?.getAttribute("href") ?? "")?.[1];
  const cell = cellOf(Number(number));
  if (!(link instanceof HTMLElement) || !cell) return;
  event.preventDefault();
  void cell.goToLine(Number(link.dataset.line));
});

/** Shows the code that the address carries, if it does. */
async function readAddress(): Promise<void> {
  if (!location.hash.includes("&code=")) return;
  const { readFragment } = await import("./share-link.ts").catch(() => ({
    readFragment: undefined,
  }));
  if (!readFragment) return void notice("The link's code could not be read. Is there a network?");
  const fragment = await readFragment(location.hash);
  if (fragment.kind === "none") return;
  if (fragment.kind === "broken") return void notice(fragment.sentence);
  const cell = cellOf(fragment.cell);
  if (cell) await cell.offer(fragment.code);
  else notice(`The link carries code for cell ${fragment.cell}, which this page does not have.`);
}

addEventListener("hashchange", readAddress);
void readAddress();
