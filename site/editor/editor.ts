/**
 * The editor of a cell: CodeMirror with what a cell needs and no more. It is loaded when a reader
 * first edits. Nothing to read first.
 */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { typescriptLanguage } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { Annotation, EditorState, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  EditorView,
  highlightSpecialChars,
  keymap,
  WidgetType,
} from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import "../styles/editor.css";
import { scrubNumbers } from "./scrub-numbers.ts";
import { typeHints } from "./type-hints.ts";

export interface EditorOptions {
  readonly text: string;
  /** Its name for screen readers: "Code of cell 3". */
  readonly label: string;
  /** The id of an element that says how to leave. */
  readonly description: string;
  /** The reader changed the text. */
  readonly onChange: () => void;
  readonly onFocus: () => void;
  /** The reader asked to run the cell, and perhaps to go to the next one. */
  readonly onRun: (goOn: boolean) => void;
}

/** An editor on the page. Positions count characters from the beginning. */
export interface CodeEditor {
  readonly element: HTMLElement;
  readonly text: string;
  readonly hasFocus: boolean;
  focus(): void;
  /** Puts another text in; the reader can undo it. */
  replace(text: string): void;
  /** Selects from one place to another, shows it and takes the focus. */
  select(from: number, to?: number): void;
  selectLine(line: number): void;
  /** Marks a line, counted from 1, with what went wrong there, until the text changes. */
  markError(line: number, message: string): void;
  clearError(): void;
}

/** Marks a change that the page made, not the reader. */
const replaced = Annotation.define<boolean>();
const setError = StateEffect.define<{ line: number; message: string } | undefined>();

class ErrorMessage extends WidgetType {
  readonly #message: string;

  constructor(message: string) {
    super();
    this.#message = message;
  }

  override eq(other: ErrorMessage): boolean {
    return other.#message === this.#message;
  }

  toDOM(): HTMLElement {
    const element = document.createElement("div");
    element.className = "line-error";
    element.textContent = this.#message;
    return element;
  }
}

/** The line of the last error and its message below it. */
const errorField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, { effects, docChanged, state: { doc } }) {
    let shown = docChanged ? Decoration.none : marks;
    for (const effect of effects) {
      if (!effect.is(setError)) continue;
      const error = effect.value;
      if (!error || error.line < 1 || error.line > doc.lines) {
        shown = Decoration.none;
        continue;
      }
      const { from, to } = doc.line(error.line);
      const widget = new ErrorMessage(error.message);
      shown = Decoration.set([
        Decoration.line({ class: "error-line" }).range(from),
        Decoration.widget({ widget, block: true, side: 1 }).range(to),
      ]);
    }
    return shown;
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function createEditor(options: EditorOptions): CodeEditor {
  const { text, label, description, onChange, onFocus, onRun } = options;
  const run = (goOn: boolean) => () => {
    onRun(goOn);
    return true;
  };
  const view = new EditorView({
    state: EditorState.create({
      doc: text,
      extensions: [
        // Before the usual keys, in which Shift+Enter is Enter. Escape, then Tab leaves: CodeMirror's own.
        keymap.of([
          { key: "Mod-Enter", run: run(false) },
          { key: "Ctrl-Enter", run: run(false) },
          { key: "Shift-Enter", run: run(true) },
        ]),
        scrubNumbers(),
        typeHints(),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        history(),
        closeBrackets(),
        bracketMatching(),
        indentOnInput(),
        highlightSpecialChars(),
        typescriptLanguage,
        syntaxHighlighting(classHighlighter),
        errorField,
        EditorState.tabSize.of(2),
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": description }),
        EditorView.updateListener.of((update) => {
          const isReplaced = update.transactions.some((one) => one.annotation(replaced));
          if (update.docChanged && !isReplaced) onChange();
          if (update.focusChanged && update.view.hasFocus) onFocus();
        }),
      ],
    }),
  });
  const select = (from: number, to = from) => {
    const { length } = view.state.doc;
    const selection = { anchor: Math.min(from, length), head: Math.min(to, length) };
    view.dispatch({ selection, scrollIntoView: true });
    view.focus();
  };
  return {
    element: view.dom,
    get text() {
      return view.state.doc.toString();
    },
    get hasFocus() {
      return view.hasFocus;
    },
    focus: () => view.focus(),
    replace(text) {
      const changes = { from: 0, to: view.state.doc.length, insert: text };
      view.dispatch({ changes, annotations: replaced.of(true) });
    },
    select,
    selectLine(line) {
      const { from } = view.state.doc.line(Math.max(1, Math.min(line, view.state.doc.lines)));
      select(from);
    },
    markError: (line, message) => view.dispatch({ effects: setError.of({ line, message }) }),
    clearError: () => view.dispatch({ effects: setError.of(undefined) }),
  };
}
