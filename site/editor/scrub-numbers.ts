/**
 * Numbers in the editor: Alt with arrow up or down changes the one at the caret (with Shift ten steps),
 * Alt with the mouse drags it. Read figures/number-steps.ts first.
 */

import { isolateHistory } from "@codemirror/commands";
import { syntaxTree } from "@codemirror/language";
import { type EditorState, type Extension, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import type { LessonCell } from "../cells/lesson-cell.ts";
import { type NumberPlace, stepOf, stepped, withSign } from "../figures/number-steps.ts";
import { Rerun } from "../figures/rerun.ts";

const pixels = 5; // for a step

/** A number that is being changed: the step stays what it was at first. */
interface Scrubbed {
  readonly place: NumberPlace;
  readonly literal: string;
  readonly step: number;
}

/** Lets numbers be changed with Alt. */
export function scrubNumbers(): Extension {
  /** What the keyboard changed last, and how it looks now. */
  let last: { scrubbed: Scrubbed; text: string; steps: number } | undefined;
  let rerun: Rerun | undefined;

  const press = (steps: number) => (view: EditorView) => {
    const { head } = view.state.selection.main;
    const here = numberAt(view.state, head);
    if (here === undefined) return false; // the key means something else
    const goesOn =
      last && last.scrubbed.place.from === here.place.from && last.text === here.literal;
    const scrubbed = goesOn && last ? last.scrubbed : here;
    const all = (goesOn && last ? last.steps : 0) + steps;
    const text = stepped(scrubbed.literal, scrubbed.step, all);
    write(view, here.place, text, false);
    last = { scrubbed, text, steps: all };
    rerun ??= rerunOf(view);
    rerun?.changed();
    return true;
  };

  return [
    Prec.high(
      keymap.of([
        { key: "Alt-ArrowUp", run: press(1), shift: press(10) },
        { key: "Alt-ArrowDown", run: press(-1), shift: press(-10) },
      ]),
    ),
    Prec.high(
      EditorView.domEventHandlers({
        keyup({ key }) {
          if (key !== "Alt") return;
          void rerun?.released();
          rerun = undefined;
        },
        mousedown(event, view) {
          if (!event.altKey || event.button !== 0) return false;
          const at = view.posAtCoords({ x: event.clientX, y: event.clientY });
          const number = at === null ? undefined : numberAt(view.state, at);
          if (number === undefined) return false;
          event.preventDefault();
          drag(view, number, event.clientX);
          return true;
        },
      }),
    ),
  ];
}

/** Follows the mouse until its button is let go. */
function drag(view: EditorView, { place, literal, step }: Scrubbed, startX: number): void {
  const rerun = rerunOf(view);
  const ending = new AbortController();
  const { signal } = ending;
  let text = literal;
  let to = place.to;
  let isFirst = true;
  const move = ({ clientX, shiftKey }: MouseEvent) => {
    const steps = Math.round((clientX - startX) / pixels) * (shiftKey ? 10 : 1);
    const next = stepped(literal, step, steps);
    if (next === text) return;
    to = write(view, { from: place.from, to }, next, isFirst);
    text = next;
    isFirst = false;
    rerun?.changed();
  };
  const end = () => {
    ending.abort();
    void rerun?.released();
  };
  addEventListener("mousemove", move, { signal });
  addEventListener("mouseup", end, { signal });
}

/**
 * Writes a number; the caret stays at it. `isFirst`: undo goes back to here.
 *
 * @returns where the number ends now
 */
function write(
  view: EditorView,
  { from, to }: NumberPlace,
  text: string,
  isFirst: boolean,
): number {
  const before = view.state.sliceDoc(Math.max(0, from - 1), from);
  const insert = text.startsWith("-") && before === "-" ? ` ${text}` : text;
  view.dispatch({
    changes: { from, to, insert },
    selection: { anchor: from + insert.length },
    userEvent: "input.scrub",
    annotations: isFirst ? [isolateHistory.of("before")] : [],
  });
  return from + insert.length;
}

/** The number around or beside a place of the text. */
function numberAt(state: EditorState, at: number): Scrubbed | undefined {
  for (const side of [-1, 1] as const) {
    const node = syntaxTree(state).resolveInner(at, side);
    if (node.name !== "Number") continue;
    const step = stepOf(state.sliceDoc(node.from, node.to));
    if (step === undefined) return undefined;
    const place = withSign(state.doc.toString(), node);
    return { place, literal: state.sliceDoc(place.from, place.to), step };
  }
  return undefined;
}

function rerunOf(view: EditorView): Rerun | undefined {
  const cell = view.dom.closest<LessonCell>("lesson-cell");
  return cell === null ? undefined : new Rerun(cell);
}
