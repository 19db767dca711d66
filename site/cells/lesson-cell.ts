/**
 * A cell on the page: its tools, its code that the reader may change, its outputs. Read notebook.ts,
 * cell-outputs.ts and pages/cell.mjs first.
 */

import type { Output } from "chainrule/cells";
import type { CodeEditor } from "../editor/editor.ts";
import type { RunResult } from "../kernel/kernel.ts";
import { announce, notice } from "../shell/announce.ts";
import { store } from "../shell/store.ts";
import { CellBar } from "./cell-bar.ts";
import { CellMenu } from "./cell-menu.ts";
import { CellOutputs } from "./cell-outputs.ts";
import { describeTime, Stopwatch } from "./cell-time.ts";
import type { Notebook, NotebookCell } from "./notebook.ts";
import { scrollable } from "./scrollable.ts";

/** How long the reader pauses before what was typed is saved. In milliseconds. */
const pause = 300;
const tenMinutes = 600_000;
/** What a hole looks like: `todo("what to write here")`, perhaps over several lines. */
const hole = /\btodo\(\s*(?:"[^"]*"|'[^']*'|`[^`]*`)?\s*,?\s*\)/;

export class LessonCell extends HTMLElement implements NotebookCell {
  /** Set by the page's entry before any cell is connected. */
  static notebook: Notebook;

  readonly number = Number(this.dataset.number);
  readonly key = this.dataset.cell ?? "";
  readonly mode = this.dataset.mode ?? "run";
  #lesson = "";
  /** The lesson's own text of the cell. */
  #original = "";
  /** The reader's text. */
  #source = "";
  /** Code that came with a link and that the reader has not taken yet; `source` is still their own. */
  #offered: string | undefined;
  #editor: CodeEditor | undefined;
  #opening: Promise<CodeEditor | undefined> | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #error: { readonly line: number; readonly message: string } | undefined;
  readonly #stopwatch = new Stopwatch((label) => {
    this.#button("stop").textContent = label;
  });
  #printed = 0;
  #head!: HTMLElement; // the next three are set when the cell is connected, before anything else
  #code!: HTMLElement;
  #outputs!: CellOutputs;
  #bar!: CellBar;

  connectedCallback(): void {
    if (this.#original !== "") return; // moved in the page
    this.#head = this.#part(".cell-head");
    this.#code = this.#part(".cell-code");
    const outputs = this.#part(".outputs");
    this.#outputs = new CellOutputs(outputs, this.dataset.outputs ?? "");
    this.#bar = new CellBar(this);
    this.#lesson = this.closest<HTMLElement>("[data-lesson]")?.dataset.lesson ?? "";
    this.#original = this.#part("code").textContent;
    this.#source = this.#original;
    LessonCell.notebook.cells.push(this);

    const menu = new CellMenu(this, this.#button("more"), {
      lesson: this.#lesson,
      take: (source, sentence) => this.replace(source, sentence),
    });
    const actions: Record<string, () => unknown> = {
      run: () => this.run(),
      stop: () => LessonCell.notebook.stop(),
      edit: () => this.edit(),
      reset: () => this.reset(),
      more: () => menu.toggle(),
    };
    this.#head.addEventListener("click", ({ target }) => {
      const button = target instanceof Element ? target.closest<HTMLElement>("[data-do]") : null;
      actions[button?.dataset.do ?? ""]?.();
    });
    this.addEventListener("keydown", (event) => this.#onKey(event));
    this.#offerEditing();
    scrollable(outputs, `Output of cell ${this.number}`);
    this.#restore();
  }

  get source(): string {
    return this.#source;
  }

  /** As if the reader had typed it: it is saved, and the cell counts as changed. */
  set source(text: string) {
    this.#show(text);
    this.#changed(text);
    this.save();
  }

  get isEdited(): boolean {
    return this.#source !== this.#original;
  }

  /** Another text in place of this one, with a way back. */
  replace(text: string, sentence: string): void {
    const before = this.#source;
    this.source = text;
    this.#offerUndo(sentence, before);
  }

  /** Back to the lesson's text and outputs, with a way back. */
  reset(): void {
    const before = this.#source;
    if (!this.isEdited) return;
    this.restoreLesson();
    this.#offerUndo("This is the lesson's text again.", before);
  }

  /** Back to the lesson's text and outputs. */
  restoreLesson(): void {
    clearTimeout(this.#saving);
    this.#saving = undefined;
    store.resetCell(this.#lesson, this.key);
    store.saveOutputs(this.#lesson, this.key, undefined);
    this.#show(this.#original);
    this.#source = this.#original;
    this.#markEdited();
    this.#outputs.showLesson();
    this.#say("");
    this.dispatchEvent(new Event("cell-edit", { bubbles: true }));
  }

  /** Saves what was typed since the last time. */
  save(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    if (this.isEdited) store.saveCell(this.#lesson, this.key, this.#source);
    else store.resetCell(this.#lesson, this.key);
  }

  // --- Running ----------------------------------------------------------------------------------

  /** Runs the cell, after the cells above that have not run in this session. */
  async run(limit?: number): Promise<void> {
    if (this.#offered !== undefined) this.#takeOffered();
    this.save();
    const { ended } = await LessonCell.notebook.run(this, limit);
    const ok = ended === "finished";
    this.dispatchEvent(new CustomEvent("cell-run", { bubbles: true, detail: { ok } }));
  }

  waits(why: string): void {
    this.#state("waiting");
    this.#say(why, "");
  }

  begins(): void {
    this.#state("running");
    this.#say("running", "");
    this.#bar.close("result");
    this.#markError(undefined);
    this.#printed = 0;
    this.#outputs.begin();
    this.#stopwatch.start();
  }

  output(output: Output): void {
    this.#outputs.add(output);
    if (output.output_type === "stream") this.#printed += output.text.split("\n").length - 1;
    else this.#printed += 1;
    if (output.output_type === "error") this.#markError(output);
  }

  ends(source: string, result: RunResult): void {
    const wasRunning = this.dataset.state === "running";
    this.#stopwatch.stop();
    this.#state("");
    if (wasRunning) this.#keep(source, this.#outputs.end());
    this.#outputs.stale = this.#source !== source;
    const cell = `Cell ${this.number}`;
    if (result.ended === "finished") {
      const lines = this.#printed === 1 ? "1 line of output" : `${this.#printed} lines of output`;
      this.#say(`ran in ${describeTime(result.milliseconds)}`, `${cell} finished, ${lines}`);
    } else if (result.ended === "failed") {
      this.#say("ended with an error", `${cell}: ${this.#error?.message ?? "it ended with an error"}`);
    } else {
      this.#say("stopped", "");
      const sentence = result.message ?? "Stopped.";
      const more = () => void this.run(tenMinutes);
      const actions = result.ended === "too long" ? { "Run with 10 minutes": more } : {};
      this.#bar.open("result", sentence, actions);
    }
    if (this.#source !== source) this.#say("changed since it ran", "");
  }

  ranForOther(source: string, outputs: readonly Output[]): void {
    this.#state("");
    this.#outputs.show(outputs);
    this.#keep(source, outputs);
    this.#markError(outputs.find((output) => output.output_type === "error"));
    this.#say("ran for a cell below", "");
  }

  forgotten(): void {
    this.#state("");
    this.#say("not run since the stop", "");
  }

  recovered(sentence: string): void {
    this.#bar.open("result", `${this.#bar.sentence("result") ?? "Stopped."}`.split(" The ")[0] + ` ${sentence}`, {});
  }
}
