/**
 * Errors, completion and explanations from TypeScript, in the editor of a cell. They come from a worker,
 * so that typing never waits for them. Read types-worker.ts first.
 */

import { files } from "virtual:site";
import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { type Diagnostic, linter, lintKeymap } from "@codemirror/lint";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap, showTooltip, type Tooltip } from "@codemirror/view";
import type { LessonCell } from "../cells/lesson-cell.ts";
import { announce, notice } from "../shell/announce.ts";
import "../styles/types.css";
import type { Answer, Question, Sources } from "./types-worker.ts";

/** How long the reader pauses before a cell is checked. In milliseconds. */
const pause = 500;

export function types(): Extension {
  return [
    linter(check, { delay: pause }),
    autocompletion({ override: [complete] }),
    hoverTooltip(explain),
    explanation,
    keymap.of([{ key: "F1", run: explainHere }, ...lintKeymap]),
  ];
}

/** Shows an explanation that was asked for by key, or takes it away. */
const setExplanation = StateEffect.define<Tooltip | null>();

const explanation = StateField.define<Tooltip | null>({
  create: () => null,
  update(shown, { effects, docChanged, selection }) {
    const asked = effects.find((effect) => effect.is(setExplanation));
    if (asked) return asked.value;
    return docChanged || selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

/** What the mouse finds out by pointing: for the name at the caret, until it moves on. */
function explainHere(view: EditorView): boolean {
  const { state } = view;
  void explain(view, state.selection.main.head).then((tooltip) => {
    if (view.state !== state) return; // the reader has gone on
    view.dispatch({ effects: setExplanation.of(tooltip) });
    const text = tooltip?.create(view).dom.innerText;
    announce(text ?? "There is nothing to explain here.");
  });
  return true;
}

async function check(view: EditorView): Promise<Diagnostic[]> {
  const { faults = [] } = await ask("check", view, 0);
  const { length } = view.state.doc;
  return faults.map(({ from, to, message }) => ({
    from: Math.min(from, length),
    to: Math.min(to, length),
    severity: "error",
    message,
  }));
}

/** CodeMirror's words for the kinds of things; others go without a sign. */
const signs: Readonly<Record<string, string>> = {
  method: "method",
  function: "function",
  "local function": "function",
  class: "class",
  interface: "interface",
  type: "type",
  property: "property",
  getter: "property",
  const: "constant",
  let: "variable",
  var: "variable",
  parameter: "variable",
  keyword: "keyword",
};

async function complete(context: CompletionContext): Promise<CompletionResult | null> {
  const word = context.matchBefore(/[\p{L}_$][\p{L}\p{N}_$]*/u);
  const isMember = context.matchBefore(/\.[\p{L}\p{N}_$]*/u) !== null;
  const { view } = context;
  if (view === undefined || (word === null && !isMember && !context.explicit)) return null;
  const { completions = [] } = await ask("complete", view, context.pos);
  if (context.aborted || completions.length === 0) return null;
  return {
    from: word?.from ?? context.pos,
    options: completions.map(({ name, kind }) => ({
      label: name,
      ...(signs[kind] === undefined ? {} : { type: signs[kind] }),
      boost: kind === "keyword" ? -50 : 0,
    })),
    validFor: /^[\p{L}\p{N}_$]*$/u,
  };
}

async function explain(view: EditorView, at: number): Promise<Tooltip | null> {
  const { explanation } = await ask("explain", view, at);
  if (explanation === undefined) return null;
  const { from, to, declaration, comment } = explanation;
  return {
    pos: from,
    end: to,
    above: true,
    create() {
      const dom = document.createElement("div");
      dom.className = "type-hint";
      const code = document.createElement("code");
      code.textContent = declaration;
      const text = document.createElement("p");
      text.textContent = comment.replace(/(?<!\n)\n(?![\n-])/g, " "); // lines of a paragraph
      dom.append(code, ...(comment === "" ? [] : [text]));
      return { dom };
    },
  };
}

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, (answer: Answer) => void>();

/** Asks the worker about the cell of an editor. Without an answer there is nothing to show. */
function ask(kind: Question["kind"], view: EditorView, at: number): Promise<Answer> {
  worker ??= start();
  asked += 1;
  const question: Question = {
    id: asked,
    kind,
    cells: [...textsAbove(view), view.state.doc.toString()],
    at,
  };
  worker.postMessage(question);
  return new Promise((resolve) => waiting.set(question.id, resolve));
}

/** The texts of the cells above the one of an editor. */
function textsAbove(view: EditorView): string[] {
  const cells = [...document.querySelectorAll<LessonCell>("lesson-cell")];
  const here = cells.findIndex((cell) => cell.contains(view.dom));
  return cells.slice(0, Math.max(0, here)).map((cell) => cell.source);
}

function start(): Worker {
  const address = (file: string) => new URL(file, document.baseURI).href;
  const started = new Worker(address(files.typesWorker));
  started.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    if (data.id === 0 && data.failure !== undefined) {
      notice("Type hints need a connection the first time.");
      stop(started);
    }
    waiting.get(data.id)?.(data);
    waiting.delete(data.id);
  });
  started.addEventListener("error", () => stop(started));
  const sources: Sources = {
    compiler: address(files.typesCompiler),
    libraries: address(files.typesLibraries),
  };
  started.postMessage(sources);
  return started;
}

/** Ends a worker that does not work; the next question starts another one. */
function stop(broken: Worker): void {
  broken.terminate();
  if (worker === broken) worker = undefined;
  for (const [id, answer] of waiting) answer({ id });
  waiting.clear();
}
