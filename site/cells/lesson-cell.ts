/**
 * A cell on the page: its tools, its code that the reader may change, its outputs. Read notebook.ts,
 * cell-outputs.ts and pages/cell.mjs first.
 */

import type { ErrorOutput, Output } from "chainrule/cells";
import type { CodeEditor } from "../editor/editor.ts";
import type { RunResult } from "../kernel/kernel.ts";
import { announce, notice } from "../shell/announce.ts";
import { store } from "../shell/store.ts";
import { type Actions, CellBar } from "./cell-bar.ts";
import { CellMenu } from "./cell-menu.ts";
import { CellOutputs } from "./cell-outputs.ts";
import { CellStatus, describeTime } from "./cell-status.ts";
import { Notebook, type NotebookCell } from "./notebook.ts";
import { loadPainting } from "./painting.ts";
import { StaticCode } from "./static-code.ts";
import { makeToolbar } from "./toolbar.ts";

/** The page has one kernel, started by the first run. */
export const notebook = new Notebook(async () => {
  const [{ Kernel }] = await Promise.all([import("../kernel/kernel.ts"), loadPainting()]);
  return new Kernel();
});

const debuggerLink = () => import("./debugger-link.ts").catch(() => undefined); // without a network

/** How long the reader pauses before what was typed is saved. In milliseconds. */
const pause = 300;
const tenMinutes = 600_000;
/** The hole of an exercise: `todo("what to write here")`, perhaps over several lines. */
const hole = /\btodo\(\s*(?:"[^"]*"|'[^']*'|`[^`]*`)?\s*,?\s*\)/;

export class LessonCell extends HTMLElement implements NotebookCell {
  readonly number = Number(this.dataset.number);
  readonly key = this.dataset.cell ?? "";
  readonly mode = this.dataset.mode ?? "run";
  #lesson = "";
  /** The reader's text, and what the storage had when we last looked. */
  #source = "";
  #stored = "";
  /** The text whose outputs are on the page. */
  #ranSource = "";
  /** The texts above at that time; undefined if those of the lesson, or not known. */
  #ranBelow: ReadonlyMap<number, string> | undefined;
  /** Code that came with a link and that the reader has not taken; `source` is still their own. */
  #offered: string | undefined;
  #saving: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;
  #onEnd: (ended: RunResult["ended"]) => void = () => {};
  #ended: RunResult["ended"] | undefined;
  #error: ErrorOutput | undefined;
  #printed = 0;
  #ending: { readonly sentence: string; readonly actions: Actions } | undefined;
  /** Has the kernel lost what it declared? */
  #isForgotten = false;
  #outputList: readonly Output[] = [];

  // Set when the cell is first connected, before anything else can happen to it.
  #box!: HTMLElement;
  #code!: StaticCode;
  #outputs!: CellOutputs;
  #status!: CellStatus;
  readonly #mark = document.createElement("span");
  #editor: CodeEditor | undefined;
  #opening: Promise<CodeEditor | undefined> | undefined;
  /** Above the code: another text is on offer. */
  readonly #offer = new CellBar(
    (bar) => this.#box.before(bar),
    () => this.focusCode(),
  );
  /** Below the code: how it ended, or what can be undone. */
  readonly #after = new CellBar(
    (bar) => this.#box.after(bar),
    () => this.focusCode(),
  );

  connectedCallback(): void {
    if (this.#box !== undefined) return; // moved in the page
    this.#lesson = this.closest<HTMLElement>("[data-lesson]")?.dataset.lesson ?? "";
    this.#box = this.#part(".cell-code");
    const label = `Code of cell ${this.number}`;
    const box = this.#part("pre.code");
    this.#code = new StaticCode(
      box,
      this.#part("pre.code code"),
      label,
      (at) => void this.edit(at),
    );
    this.#outputs = new CellOutputs(this.#part(".outputs"), this.dataset.outputs ?? "");
    this.#mark.className = "cell-mark";
    this.#mark.textContent = "changed by you";
    this.#mark.hidden = true;
    this.#part(".cell-name").after(this.#mark);
    const button = (name: string) => this.#part<HTMLButtonElement>(`[data-do="${name}"]`);
    this.#status = new CellStatus(this, this.#part(".cell-status"), button("run"), button("stop"));
    const menu = new CellMenu(this, this.#lesson, button("more"));
    makeToolbar(this.#part(".cell-tools"), button("run"));
    button("run").addEventListener("click", () => void this.run());
    button("stop").addEventListener("click", () => notebook.stop());
    button("edit").addEventListener("click", () => void this.edit());
    button("reset").addEventListener("click", () => this.reset());
    button("more").addEventListener("click", () => menu.toggle());
    this.addEventListener("keydown", (event) => {
      const isInEditor = this.#editor?.element.contains(event.target as Node); // a key's target is a node
      if (event.key !== "Enter" || isInEditor) return;
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) return;
      event.preventDefault();
      this.#runByKey(event.shiftKey);
    });
    notebook.cells.push(this);
    this.#restore();
  }

  #part<E extends HTMLElement = HTMLElement>(selector: string): E {
    const part = this.querySelector<E>(selector);
    if (!part) throw new Error(`lesson-cell: expected ${selector} within cell ${this.number}`);
    return part;
  }

  // --- The text ---------------------------------------------------------------------------------

  get source(): string {
    return this.#source;
  }

  /** As if the reader had typed it: it is saved, and the cell counts as changed. */
  set source(text: string) {
    this.#forgetOffer();
    this.#show(text);
    this.#change(text);
    this.save();
  }

  get originalText(): string {
    return this.#code.originalText;
  }

  get isEdited(): boolean {
    return this.#source !== this.originalText;
  }

  /** Does anything on the page come from the reader, code or outputs? */
  get isTouched(): boolean {
    return this.isEdited || !this.#outputs.isLesson;
  }

  /** How the last run ended. */
  get ended(): RunResult["ended"] | undefined {
    return this.#ended;
  }

  /** What the last run put out. */
  get outputs(): readonly Output[] {
    return this.#outputList;
  }

  /** Another text in place of this one, with a way back. */
  replace(text: string, sentence: string): void {
    const before = this.#source;
    this.save();
    store.resetCell(this.#lesson, this.key); // keeps the present text as an earlier version
    this.source = text;
    this.#after.open(sentence, { Undo: () => this.#bringBack(before) });
  }

  /** Back to the lesson's text and outputs, with a way back. */
  reset(): void {
    const before = this.#source;
    this.restoreLesson();
    const actions = { Undo: () => this.#bringBack(before) };
    this.#after.open("This is the lesson's text again.", actions);
    this.#part('[data-do="run"]').focus(); // the button that was pressed is gone
  }

  /** Back to the lesson's text and outputs. */
  restoreLesson(): void {
    this.save();
    this.#forgetOffer();
    store.resetCell(this.#lesson, this.key);
    store.saveOutputs(this.#lesson, this.key, undefined);
    this.#takeStored();
    lookAgain();
    this.dispatchEvent(new Event("cell-edit", { bubbles: true }));
  }

  #bringBack(text: string): void {
    this.source = text;
    this.#part(this.#editor ? ".cm-content" : "pre.code").focus();
  }

  /** Saves what was typed since the last time. */
  save(): void {
    if (this.#saving === undefined) return;
    clearTimeout(this.#saving);
    this.#saving = undefined;
    this.#stored = this.#source;
    if (this.isEdited) store.saveCell(this.#lesson, this.key, this.#source);
    else store.resetCell(this.#lesson, this.key);
    // Outputs are kept as long as they are those of the code.
    const outputs = this.#ranSource === this.#source ? this.#kept() : undefined;
    store.saveOutputs(this.#lesson, this.key, outputs);
  }

  /** The storage has changed, in another tab say: nothing that is typed here is lost. */
  lookAtStorage(): void {
    const theirs = store.cell(this.#lesson, this.key)?.source ?? this.#code.originalText;
    if (theirs === this.#stored) return;
    this.#stored = theirs;
    if (theirs === this.#source) return;
    if (this.#saving === undefined && !this.#editor?.hasFocus) {
      this.#takeStored();
      this.#status.say("changed in another tab");
      return;
    }
    this.#offer.open("This cell was changed in another tab.", {
      "Take that version": () => {
        this.#change(this.#source); // saved first, so that it is among the earlier versions
        this.replace(theirs, "This is the version of the other tab.");
      },
      "Keep this one": () => this.#change(this.#source),
    });
  }

  /** Shows what the storage has: text and outputs, or the lesson's. */
  #restore(): void {
    if (store.cell(this.#lesson, this.key) || store.outputs(this.#lesson, this.key)) {
      this.#takeStored();
    } else {
      this.#source = this.#stored = this.#ranSource = this.#code.originalText;
    }
  }

  #takeStored(): void {
    const text = store.cell(this.#lesson, this.key)?.source ?? this.#code.originalText;
    const outputs = store.outputs(this.#lesson, this.key);
    this.#source = this.#stored = text;
    this.#show(text);
    this.#error = undefined;
    this.#after.close();
    this.#outputList = outputs ?? [];
    if (outputs) this.#outputs.show(outputs);
    else this.#outputs.showLesson();
    this.#ranSource = outputs ? text : this.#code.originalText;
    this.#ranBelow = undefined;
    this.removeAttribute("data-outdated");
    this.querySelector(".cell-graph")?.remove();
    this.#status.say("");
    this.#markChanges();
  }

  /** Takes a text as the reader's. */
  #change(text: string): void {
    this.#source = text;
    this.#error = undefined;
    this.#after.close(); // it is about another text
    this.#editor?.clearError();
    this.#box.removeAttribute("data-error");
    clearTimeout(this.#saving);
    this.#saving = setTimeout(() => this.save(), pause);
    this.#markChanges();
    this.dispatchEvent(new Event("cell-edit", { bubbles: true }));
  }

  /** Says what is the reader's, and whether the outputs are those of the text. */
  #markChanges(): void {
    this.#mark.hidden = !this.isEdited;
    if (this.mode === "exercise") this.#part(".cell-note").hidden = !hole.test(this.#source);
    this.#part('[data-do="reset"]').hidden = !this.isEdited;
    const isStale = this.#source !== this.#ranSource;
    this.#outputs.stale = isStale;
    if (this.#status.state !== "") return;
    if (isStale) this.#status.say("not run since you changed it");
    else if (this.hasAttribute("data-stale")) this.#status.say("");
    this.toggleAttribute("data-stale", isStale);
  }

  /** Says so if the outputs are from before a cell above was changed: they may be others now. */
  lookAbove(): void {
    const { state } = this.#status;
    if (state !== "" || this.mode === "exercise" || this.mode === "check") return;
    if (this.#source !== this.#ranSource || this.#isForgotten) return; // that is said already
    if (this.#outputs.isEmpty || !(this.#ranBelow || this.#outputs.isLesson)) return;
    const above = [...notebook.textsAbove(this)];
    const changed = above.find(([number, text]) => text !== this.#textThen(number));
    if (changed) this.#status.say(`from before cell ${changed[0]} changed`);
    else if (this.hasAttribute("data-outdated")) this.#status.say("");
    this.toggleAttribute("data-outdated", changed !== undefined);
  }

  /** The text that a cell above had when this one ran. */
  #textThen(number: number): string | undefined {
    if (this.#ranBelow) return this.#ranBelow.get(number);
    const above = notebook.cells.find((cell) => cell.number === number);
    return above instanceof LessonCell ? above.originalText : undefined;
  }

  #show(text: string): void {
    if (this.#editor) this.#editor.replace(text);
    else this.#code.show(text);
  }

  // --- The editor -------------------------------------------------------------------------------

  /**
   * Opens the editor. The first time in an exercise, its hole is selected.
   *
   * @param at where the caret goes, in characters
   */
  async edit(at?: number): Promise<void> {
    const isFirst = !this.#editor;
    const editor = await this.#open();
    if (!editor) return;
    const found = isFirst && this.mode === "exercise" ? hole.exec(editor.text) : null;
    if (found) editor.select(found.index, found.index + found[0].length);
    else if (at !== undefined || isFirst) editor.select(at ?? 0);
    else editor.focus();
  }

  /** Opens the editor at a line, counted from 1. */
  async goToLine(line: number): Promise<void> {
    const editor = await this.#open();
    editor?.selectLine(line);
  }

  #open(): Promise<CodeEditor | undefined> {
    this.#opening ??= this.#load();
    return this.#opening;
  }

  async #load(): Promise<CodeEditor | undefined> {
    const { createEditor } = await import("../editor/editor.ts").catch(() => ({
      createEditor: undefined,
    }));
    if (!createEditor) {
      this.#opening = undefined; // the next click tries again
      notice("The editor could not be loaded. Is there a network?");
      return undefined;
    }
    const editor = createEditor({
      text: this.#offered ?? this.#source,
      label: `Code of cell ${this.number}`,
      description: "editor-hint",
      onChange: () => {
        this.#forgetOffer();
        this.#change(editor.text);
      },
      onRun: (goOn) => this.#runByKey(goOn),
      onFocus: () => this.#explainTab(),
    });
    this.#editor = editor;
    const frame = document.createElement("div");
    frame.className = "code cell-editor";
    frame.append(editor.element);
    this.#code.element.replaceWith(frame);
    this.#part('[data-do="edit"]').hidden = true;
    this.#markError(this.#error);
    return editor;
  }

  /** Once, where there is a keyboard: Tab indents, so there has to be another way out. */
  #explainTab(): void {
    if (store.setting("tab-explained") || matchMedia("(pointer: coarse)").matches) return;
    store.setSetting("tab-explained", "yes");
    this.#status.say("Tab indents. To leave: Escape, then Tab.");
  }

  #markError(error: ErrorOutput | undefined): void {
    const isHere = error?.cell === String(this.number) && error.line !== undefined;
    this.#error = isHere ? error : undefined;
    this.#box.toggleAttribute("data-error", isHere);
    if (!isHere) {
      this.#editor?.clearError();
      return;
    }
    this.#box.style.setProperty("--error-line", String(error.line));
    this.#editor?.markError(error.line ?? 1, `${error.ename}: ${error.evalue}`);
  }

  // --- Code from a link -------------------------------------------------------------------------

  /** Shows code that came with a link. It does not run, and the reader's own stays what it is. */
  async offer(code: string): Promise<void> {
    this.scrollIntoView({ block: "start" });
    if (code === this.#source) return;
    this.#offered = code;
    const editor = await this.#open();
    if (editor) editor.replace(code);
    else this.#code.show(code);
    this.toggleAttribute("data-offered", true);
    this.#offer.open("This code came with the link. It has not been run.", {
      "Run it": () => void this.run(),
      "Keep mine": () => {
        this.#forgetOffer();
        this.#show(this.#source);
      },
    });
  }

  #forgetOffer(): void {
    this.#offer.close();
    if (this.#offered === undefined) return;
    this.#offered = undefined;
    this.removeAttribute("data-offered");
    // A reload does not offer it again.
    history.replaceState(history.state, "", `${location.search}#cell-${this.number}`);
  }

  // --- Running ----------------------------------------------------------------------------------

  /** Runs the cell, after the cells above that have not run in this session. */
  run(limit?: number): Promise<void> {
    this.#running ??= this.#run(limit).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #run(limit?: number): Promise<void> {
    if (this.#offered !== undefined) this.source = this.#offered;
    this.save();
    // What runs again after a stop is not waited for.
    const ended = await new Promise<RunResult["ended"]>((resolve) => {
      this.#onEnd = resolve;
      void notebook.run(this, limit);
    });
    lookAgain();
    const detail = { ok: ended === "finished" };
    this.dispatchEvent(new CustomEvent("cell-run", { bubbles: true, detail }));
  }

  #runByKey(goOn: boolean): void {
    void this.run();
    if (!goOn) return;
    const next = notebook.cells[notebook.cells.indexOf(this) + 1];
    if (next instanceof LessonCell) next.focusCode();
  }

  focusCode(): void {
    this.#part(this.#editor ? ".cm-content" : "pre.code").focus({ preventScroll: true });
    this.scrollIntoView({ block: "nearest" });
  }

  waits(): void {
    this.#status.state = "waiting";
    this.#status.say("waiting");
  }

  waitsForAbove(done: number, count: number): void {
    if (done === 0) this.#status.countSeconds();
    this.#status.say(`cells above first: ${done + 1} of ${count}`);
  }

  begins(): void {
    this.querySelector(".cell-graph")?.remove();
    this.#status.state = "running";
    this.#status.say("running");
    this.#after.close();
    this.#markError(undefined);
    this.#printed = 0;
    this.#outputs.begin();
  }

  output(output: Output): void {
    this.#outputs.add(output);
    if (output.output_type === "stream") this.#printed += output.text.split("\n").length - 1;
    else if (output.output_type === "error") this.#markError(output);
    else this.#printed += 1;
  }

  ends(source: string, result: RunResult): void {
    this.#ended = result.ended;
    this.#onEnd(result.ended);
    const hasRun = this.#status.state === "running";
    this.#status.state = "";
    if (hasRun) this.#keep(source, this.#outputs.end());
    this.#offerGraph(result);
    this.#markChanges();
    const say = (shown: string, spoken = "") => {
      if (this.#source === source) this.#status.say(shown); // else it says that it was changed
      if (spoken !== "" && !notebook.isRunningAll) announce(`Cell ${this.number}${spoken}`);
    };
    const error = this.#outputList.find((output) => output.output_type === "error");
    if (result.ended === "finished") {
      const lines = this.#printed === 1 ? "1 line of output" : `${this.#printed} lines of output`;
      const hasVerdict = this.mode === "exercise" || this.mode === "check"; // which is said instead
      say(`ran in ${describeTime(result.milliseconds)}`, hasVerdict ? "" : ` finished, ${lines}.`);
    } else if (result.ended === "failed") {
      const isHole = error?.ename === "Todo";
      const message = `: ${error?.ename}: ${error?.evalue}`;
      say(isHole ? "not done yet" : "ended with an error", isHole ? "" : message);
    } else {
      say(result.ended === "too long" ? "took too long" : "stopped");
      const longer: Actions = { "Run with 10 minutes": () => void this.run(tenMinutes) };
      const actions = result.ended === "too long" && hasRun ? longer : {};
      const sentence = result.ended === "stopped" ? "Stopped." : (result.message ?? "Stopped.");
      this.#ending = { sentence, actions };
      if (hasRun || result.ended !== "stopped") this.#after.open(sentence, actions);
    }
  }

  ranForOther(source: string, outputs: readonly Output[], result: RunResult): void {
    const { ended } = result;
    this.#status.state = "";
    this.#outputs.show(outputs);
    this.#keep(source, outputs);
    this.#offerGraph(result);
    this.#markError(outputs.find((output) => output.output_type === "error"));
    this.#markChanges();
    const isExpected = ended === "finished" || this.mode === "throws";
    const how = isExpected ? "ran for a cell below" : "ended with an error";
    if (this.#source === source) this.#status.say(how);
  }

  /** Offers the debugger for the graph that the cell made. */
  #offerGraph({ graph }: RunResult): void {
    if (graph) void debuggerLink().then((link) => link?.offerDebugger(this, graph));
  }

  openInDebugger(): void {
    void debuggerLink().then((link) => link?.openInDebugger(this));
  }

  lacks(above: NotebookCell): void {
    const cell = `cell ${above.number}`;
    const sentence = `Above, ${cell} ended with an error, so what it declares may be missing here.`;
    const go = () => document.getElementById(`cell-${above.number}`)?.scrollIntoView();
    this.#after.open(sentence, { [`Go to ${cell}`]: go });
  }

  forgotten(): void {
    this.#status.state = "";
    this.#status.say("not run");
    this.#isForgotten = true;
  }

  recovered(sentence: string): void {
    const { sentence: before = "Stopped.", actions = {} } = this.#ending ?? {};
    this.#after.open(`${before} ${sentence}`, actions);
  }

  #keep(source: string, outputs: readonly Output[]): void {
    this.#ranSource = source;
    this.#isForgotten = false;
    this.#ranBelow = notebook.textsAbove(this);
    this.removeAttribute("data-outdated");
    this.#outputList = outputs;
    if (source === this.#source) store.saveOutputs(this.#lesson, this.key, this.#kept());
  }

  /** What is worth keeping: not what the page has anyway. */
  #kept(): readonly Output[] | undefined {
    return this.#outputs.isLesson && !this.isEdited ? undefined : this.#outputList;
  }
}

/** Has each cell say whether its outputs are still those of the page. */
export function lookAgain(): void {
  for (const cell of notebook.cells) if (cell instanceof LessonCell) cell.lookAbove();
}
