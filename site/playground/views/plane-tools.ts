/** The controls below the plane: which points a click adds, what happens to the selected one. Read text.ts first. */

import { html, nextId, shortText } from "./text.ts";

/** What the buttons do. */
export interface PlaneActions {
  /** Deletes the selected point. */
  remove(): void;
  /** Gives it the other class. */
  turn(): void;
}

/** What has the focus; undefined for neither. */
export type Focused = "crosshair" | "point" | undefined;

/** The controls. */
export class PlaneTools {
  readonly element = html("div", { class: "tools" });
  readonly #remove = html("button", { type: "button" }, "Delete point");
  readonly #turn = html("button", { type: "button" }, "Other class");
  readonly #how = html("p", { class: "how" });
  #hasClasses = true;
  #target = 1;

  constructor({ remove, turn }: PlaneActions) {
    this.#remove.addEventListener("click", remove);
    this.#turn.addEventListener("click", turn);
  }

  /** The target of a new point: for two classes -1 or 1. */
  get target(): number {
    return this.#target;
  }

  /** @param isLine whether targets are up and down in the picture, so that a click says which */
  show(isSign: boolean, isLine: boolean): void {
    this.#hasClasses = isSign && !isLine;
    if (isSign) this.#target = this.#target > 0 ? 1 : -1;
    const choice = isLine ? [] : isSign ? [this.#classes()] : [this.#number()];
    const turn = isSign ? [this.#turn] : [];
    this.element.replaceChildren(...choice, ...turn, this.#remove, this.#how);
    this.say(undefined);
  }

  /** Is a point selected? */
  enable(isSelected: boolean): void {
    this.#remove.disabled = !isSelected;
    this.#turn.disabled = !isSelected;
  }

  /** Says how to edit what has the focus. */
  say(focused: Focused): void {
    const other = this.#hasClasses ? ", with Shift one of the other class" : "";
    const text = {
      crosshair: `Arrow keys move the crosshair, with Shift in small steps; Enter adds a point${other}.`,
      point:
        `Drag it, or move it with arrow keys, with Shift in small steps; Delete removes it` +
        `${this.#hasClasses ? "; c gives it the other class" : ""}; Page Up and Page Down go to others.`,
      none: `Click adds a point${other}; drag moves one.`,
    }[focused ?? "none"];
    if (this.#how.textContent !== text) this.#how.textContent = text;
  }

  /** The choice between two classes. */
  #classes(): HTMLElement {
    const name = nextId();
    const choice = (target: number, mark: string, look: string) => {
      const radio = html("input", { type: "radio", name, value: target });
      radio.checked = this.#target === target;
      radio.addEventListener("change", () => {
        this.#target = target;
      });
      const shape = html("span", { class: look, "aria-hidden": "true" }, mark);
      return html("label", {}, radio, shape, ` ${shortText(target)}`);
    };
    const legend = html("legend", {}, "New points: class");
    return html("fieldset", {}, legend, choice(1, "●", "positive"), choice(-1, "■", "negative"));
  }

  /** A field for a target that is any number. */
  #number(): HTMLElement {
    const field = html("input", { type: "number", step: "any", value: this.#target });
    field.addEventListener("change", () => {
      if (Number.isFinite(field.valueAsNumber)) this.#target = field.valueAsNumber;
    });
    return html("label", {}, "New points have the target ", field);
  }
}
