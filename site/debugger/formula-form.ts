/** The form of a typed formula: the formula, its numbers, and examples to try. Read formula.ts first. */

import { computeFormula, examples, type Formula, FormulaError } from "./formula.ts";
import { make } from "./make.ts";
import { NumberFields } from "./number-fields.ts";

/** A message about what is being typed waits for so many milliseconds of rest. */
const PATIENCE = 500;

/** The form. `show` is told of each formula that could be computed. */
export class FormulaForm {
  readonly element = make("div", { class: "debugger-formula" });
  readonly #input = make("input", {
    type: "text",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    maxlength: "20000",
    "aria-describedby": "debugger-formula-error",
  });
  readonly #examples = make("select", { "aria-label": "Examples" });
  readonly #error = make("p", {
    class: "debugger-error",
    id: "debugger-formula-error",
    role: "alert",
  });
  readonly #numbers: NumberFields;
  readonly #show: (formula: Formula) => void;
  #formula: Formula | undefined;
  /** Numbers of names that the formula may get back. */
  readonly #values = new Map<string, number>();
  #complaint = 0;

  constructor(show: (formula: Formula) => void) {
    this.#show = show;
    this.#numbers = new NumberFields(
      (name, number) => this.write(name, number),
      (sentence) => this.#complain(sentence, sentence === "" ? 0 : PATIENCE),
    );
    const label = make("label", { class: "debugger-formula-field" });
    label.append(make("span", {}, "Formula"), this.#input);
    this.#examples.append(make("option", { value: "" }, "Examples …"));
    for (const [i, { title }] of examples.entries()) {
      this.#examples.append(make("option", { value: String(i) }, title));
    }
    const line = make("div", { class: "debugger-formula-line" });
    line.append(label, this.#examples);
    this.element.append(line, this.#numbers.element, this.#error);
    this.#input.addEventListener("input", () => this.#read(PATIENCE));
    this.#input.addEventListener("change", () => this.#read(0));
    this.#examples.addEventListener("change", () => {
      if (this.#examples.value === "") return;
      const example = examples[Number(this.#examples.value)];
      this.open(example.text, new Map(Object.entries(example.values)));
    });
  }

  /** Shows a formula that somebody else asks for. */
  open(text: string, values: ReadonlyMap<string, number>): void {
    this.#input.value = text;
    for (const [name, number] of values) this.#values.set(name, number);
    this.#read(0);
  }

  /** Says which example it is: the arrow keys go on from there. */
  #nameExample(formula: Formula): void {
    const place = examples.findIndex(
      ({ text, values }) =>
        text === formula.text &&
        [...formula.values].every(([name, number]) => values[name] === number),
    );
    this.#examples.value = place < 0 ? "" : String(place);
  }

  /** Computes again with another number. */
  write(name: string, number: number): void {
    this.#values.set(name, number);
    this.#read(PATIENCE);
  }

  /** The formula that is shown. */
  get formula(): Formula | undefined {
    return this.#formula;
  }

  #read(patience: number): void {
    try {
      const formula = computeFormula(this.#input.value, this.#values);
      this.#formula = formula;
      for (const [name, number] of formula.values) this.#values.set(name, number);
      this.#numbers.show(formula.values);
      this.#nameExample(formula);
      this.#input.setAttribute("aria-invalid", "false");
      this.#complain("", 0);
      this.#show(formula);
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      this.#input.setAttribute("aria-invalid", "true");
      this.#complain(error.message, patience);
    }
  }

  #complain(message: string, patience: number): void {
    clearTimeout(this.#complaint);
    this.#complaint = window.setTimeout(() => {
      this.#error.textContent = message;
    }, patience);
  }
}
