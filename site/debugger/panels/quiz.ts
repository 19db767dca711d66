/**
 * The quiz: the next gradient is hidden, the reader types it and is told what is missing; then comes
 * the receipt. Read questions.ts, receipt.ts and src/explain/quiz.ts first.
 */

import "../../styles/panels.css";
import type { Value } from "chainrule";
import { judge, sentence, shownNumber, slopeText, whyLocal } from "chainrule/explain";
import { SafeStorage } from "../../shell/storage.ts";
import type { Moment, Panel } from "../panel.ts";
import { ask, counted, inSentence, make, makeButton, write } from "./parts.ts";
import { nextQuestion, type Question, questionsOf } from "./questions.ts";
import { plainNumber, readNumber } from "./read-number.ts";
import { formulaOf } from "./receipt.ts";
import { passesTo, SumTable } from "./sum-table.ts";

/** Where the score is kept until the tab is closed. */
const KEY = "chainrule:quiz";
/** So many consumers are listed at most. */
const MOST = 200;

/** How the reader has done. */
interface Score {
  /** Found at the first try. */
  readonly first: number;
  /** Found later. */
  readonly later: number;
  /** Shown on request. */
  readonly shown: number;
}

/** Quiz mode: the reader finds the gradients. */
export function quizPanel(): Panel {
  const panel = new QuizPanel();
  return {
    name: "quiz",
    title: "Quiz",
    element: panel.element,
    show: (moment) => panel.show(moment),
    begin: () => panel.begin(),
  };
}

class QuizPanel {
  readonly #intro = make(
    "p.panel-note",
    "Find the gradients yourself. The next one is hidden everywhere on this page; type it, and you " +
      "are told what is missing, if anything is. Then you see how it is made up.",
  );
  readonly #title = make("p.quiz-question");
  readonly #words = make("p.panel-note");
  readonly #given = make("tbody");
  readonly #uses: HTMLElement;
  readonly #rule = make("p.panel-formula");
  readonly #how = make("p.panel-note");
  readonly #hint = make("details.quiz-hint", make("summary", "Which rule?"), this.#rule, this.#how);
  readonly #slope = make("span");
  readonly #answer = document.createElement("input");
  readonly #form = document.createElement("form");
  readonly #verdict = make("p.quiz-verdict");
  readonly #sum = new SumTable();
  readonly #start = makeButton("Start the quiz", () => this.begin());
  readonly #next = makeButton("Next gradient", () => this.#goOn());
  readonly #give = makeButton("Show me", () => this.#showAnswer());
  readonly #aim = makeButton("", () => this.#askSelected());
  readonly #end = makeButton("End the quiz", () => this.#stop());
  readonly #score = make("p.panel-note");
  readonly element: HTMLElement;

  readonly #storage = new SafeStorage(() => sessionStorage);
  #moment: Moment | undefined;
  #isOn = false;
  #question: Question | undefined;
  /** Where the walk was when the question was answered; undefined before. */
  #answeredAt: number | undefined;
  #tries = 0;
  /** The node that the debugger was asked to hide. */
  #hidden: Moment["hidden"];

  constructor() {
    const heads = ["It goes into", "which is", "gradient there"].map((text) => {
      const cell = make("th", text);
      cell.setAttribute("scope", "col");
      return cell;
    });
    this.#uses = make("table.quiz-uses", make("thead", make("tr", ...heads)), this.#given);
    this.#answer.type = "text";
    this.#answer.autocomplete = "off";
    this.#answer.spellcheck = false;
    this.#answer.maxLength = 60;
    const check = document.createElement("button");
    check.className = "primary";
    check.textContent = "Check";
    this.#start.className = "primary";
    this.#next.className = "primary";
    this.#form.className = "quiz-form";
    this.#form.append(make("label", this.#slope, this.#answer), check, this.#give);
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#check();
    });
    this.#verdict.setAttribute("role", "status");
    this.element = make(
      "div.panel",
      this.#intro,
      this.#title,
      this.#words,
      this.#uses,
      this.#hint,
      this.#form,
      this.#verdict,
      this.#sum.element,
      make("div.quiz-buttons", this.#start, this.#next, this.#aim, this.#end),
      this.#score,
    );
  }

  show(moment: Moment): void {
    const before = this.#moment;
    this.#moment = moment;
    if (this.#isOn) this.#follow(moment, before);
    this.#draw();
  }

  /** The walk has gone on, or has other numbers: which question is it now? */
  #follow(moment: Moment, before: Moment | undefined): void {
    const { walk, position } = moment;
    const asked = this.#question;
    const hasMoved =
      before?.position !== position || before.walk.steps.length !== walk.steps.length;
    if (asked !== undefined && this.#answeredAt !== undefined) {
      const stays = position === asked.position || position === this.#answeredAt;
      // The same question with other numbers.
      const again = nextQuestion(walk, asked.position - 1);
      if (stays && again?.position === asked.position) this.#question = again;
      else this.#pose(nextQuestion(walk, position));
    } else if (hasMoved) {
      const next = nextQuestion(walk, position);
      if (next?.position === asked?.position) this.#question = next;
      else this.#pose(next);
    } else this.#question = nextQuestion(walk, position);
    this.#hide();
  }

  /** Asks the debugger to hide the gradient that comes next. */
  #hide(): void {
    const moment = this.#moment;
    if (moment === undefined) return;
    const from = this.#answeredAt === undefined ? moment.position : (this.#question?.position ?? 0);
    const hidden = this.#isOn ? nextQuestion(moment.walk, from)?.node : undefined;
    if (hidden === this.#hidden) return;
    this.#hidden = hidden;
    // When all panels have been told of this moment, and before anything is painted.
    queueMicrotask(() => ask(this.element, "debugger-quiz", { hidden }));
  }

  #pose(question: Question | undefined): void {
    this.#question = question;
    this.#answeredAt = undefined;
    this.#tries = 0;
    this.#answer.value = "";
    this.#answer.removeAttribute("aria-invalid");
    write(this.#verdict, "");
    this.#verdict.dataset.state = "";
  }

  // ---- What the reader does -------------------------------------------------------------------

  /** Starts the quiz; one that is on goes on. */
  begin(): void {
    const moment = this.#moment;
    if (moment === undefined) return;
    if (this.#isOn && this.#question !== undefined) {
      this.#comeIntoView();
      this.#answer.focus({ preventScroll: true });
      return;
    }
    this.#isOn = true;
    // At the end of the walk there is nothing left to ask: it begins anew.
    const { walk } = moment;
    const isOver = nextQuestion(walk, moment.position) === undefined;
    this.#pose(nextQuestion(walk, isOver ? 0 : moment.position));
    if (isOver) this.#go(walk.forward);
    this.#aimAt();
    this.#comeIntoView();
  }

  /** When everything has its new place: the other panels say less now. */
  #comeIntoView(): void {
    requestAnimationFrame(() => {
      const panel = this.element.closest(".debugger-panel") ?? this.element;
      panel.scrollIntoView({ block: "nearest" });
    });
  }

  #goOn(): void {
    const moment = this.#moment;
    if (moment === undefined || this.#question === undefined) return;
    this.#pose(nextQuestion(moment.walk, this.#question.position));
    this.#aimAt();
  }

  /** Hides, selects and asks. */
  #aimAt(): void {
    this.#hide();
    this.#draw();
    const node = this.#question?.node;
    if (node !== undefined) {
      queueMicrotask(() => ask(this.element, "debugger-select", { node }));
      this.#answer.focus({ preventScroll: true });
    }
  }

  #askSelected(): void {
    const { walk, node } = this.#moment ?? {};
    if (walk === undefined) return;
    const question = questionsOf(walk).find((each) => each.node === node);
    if (question === undefined) return;
    this.#pose(question);
    this.#go(question.position - 1);
    this.#aimAt();
  }

  #stop(): void {
    this.#isOn = false;
    this.#pose(undefined);
    this.#hide();
    this.#draw();
    this.#start.focus({ preventScroll: true });
  }

  #check(): void {
    const moment = this.#moment;
    const question = this.#question;
    if (moment === undefined || question === undefined) return;
    const typed = this.#answer.value;
    const number = readNumber(typed);
    this.#answer.setAttribute("aria-invalid", String(number === undefined));
    if (number === undefined) {
      if (typed.trim() === "") this.#say("Type a number first.", "");
      else this.#say("Expected a number, such as −0.5, 0,25 or 3/4.", "wrong");
      return;
    }
    const { walk, nameOf } = moment;
    const text = typed.includes("/") ? number.toPrecision(8) : plainNumber(typed);
    const { right, sentence: told } = judge(walk, question.node, text, nameOf);
    this.#tries += 1;
    this.#say(told, right ? "right" : "wrong");
    if (!right) {
      this.#answer.select();
      return;
    }
    const score = this.#readScore();
    this.#keepScore(
      this.#tries === 1
        ? { ...score, first: score.first + 1 }
        : { ...score, later: score.later + 1 },
    );
    this.#answered(question);
  }

  #showAnswer(): void {
    const question = this.#question;
    if (question === undefined) return;
    const score = this.#readScore();
    this.#keepScore({ ...score, shown: score.shown + 1 });
    this.#say("This is how it is made up:", "");
    this.#answered(question);
  }

  /** The walk goes to where this gradient is complete, and the receipt is shown. */
  #answered(question: Question): void {
    this.#answeredAt = this.#moment?.position;
    this.#hide();
    this.#go(question.position);
    this.#draw();
    const isLast = this.#next.hidden;
    (isLast ? this.#end : this.#next).focus({ preventScroll: true });
  }

  #go(position: number): void {
    queueMicrotask(() => ask(this.element, "debugger-go", { position }));
  }

  #say(text: string, state: "right" | "wrong" | ""): void {
    write(this.#verdict, text);
    this.#verdict.dataset.state = state;
  }

  // ---- What is to be seen ---------------------------------------------------------------------

  #draw(): void {
    const moment = this.#moment;
    if (moment === undefined) return;
    const question = this.#question;
    const isAnswered = this.#answeredAt !== undefined;
    const isAsking = this.#isOn && question !== undefined && !isAnswered;
    this.#intro.hidden = this.#isOn;
    this.element.toggleAttribute("data-on", this.#isOn);
    this.#start.hidden = this.#isOn && question !== undefined;
    write(this.#start, this.#isOn ? "Begin anew" : "Start the quiz");
    this.#end.hidden = !this.#isOn;
    this.#title.hidden = !this.#isOn;
    for (const part of [this.#words, this.#form, this.#hint, this.#uses]) part.hidden = !isAsking;
    this.#verdict.hidden = !this.#isOn;
    const isLast =
      question !== undefined && nextQuestion(moment.walk, question.position) === undefined;
    this.#next.hidden = !isAnswered || isLast;
    this.#sum.element.hidden = !isAnswered;
    this.#drawAim(moment);
    this.#drawScore();
    if (!this.#isOn) return;
    if (question === undefined) {
      write(this.#title, "All gradients are known now.");
      return;
    }

    const { node, position } = question;
    const { walk, nameOf } = moment;
    const name = nameOf(node);
    write(this.#title, isAsking ? `What is the gradient of ${name}?` : `The gradient of ${name}`);
    write(this.#slope, `${slopeText(walk.output, node, nameOf)} =`);
    if (isAsking) {
      const output = inSentence(nameOf(walk.output));
      write(this.#words, `By how much does ${output} change for each unit that ${name} grows?`);
      this.#drawGiven(question, moment);
      this.#hint.hidden = node === walk.output; // there the rule is the answer
      this.#drawRules(node, moment);
    } else {
      const terms = passesTo(walk, node);
      this.#sum.element.hidden = terms.length === 0;
      if (terms.length > 0) this.#sum.show(node, { ...moment, position });
    }
  }

  /** The chain rule for this node, and the rule of each operation that it goes into. */
  #drawRules(node: Value, moment: Moment): void {
    const passes = passesTo(moment.walk, node);
    const rules = passes.map(([{ node, slot }]) => whyLocal(node, slot, moment.nameOf).rule);
    const sum = passes.length > 1 ? " Do so for each line above, and add up." : "";
    write(this.#rule, formulaOf(node, moment));
    write(this.#how, `Gradient there × local derivative.${sum} ${[...new Set(rules)].join(" ")}`);
  }

  /** What the reader needs to know for the answer: the consumers with their numbers. */
  #drawGiven({ node }: Question, { walk, position, nameOf }: Moment): void {
    const uses = passesTo(walk, node);
    this.#uses.hidden = uses.length === 0;
    const rows = uses.slice(0, MOST).map(([step]) => {
      const name = nameOf(step.node);
      const computed = sentence({ kind: "compute", node: step.node }, nameOf)
        .replace(`${name} computes `, "")
        .replace(/\.$/, "");
      const gradient = walk.gradient(step.node, position);
      return [name, computed, gradient === undefined ? "nothing" : shownNumber(gradient)];
    });
    if (uses.length > MOST) rows.push([`… ${uses.length - MOST} more`, "", ""]);
    if (this.#given.textContent === rows.flat().join("")) return;
    this.#given.replaceChildren(
      ...rows.map(([name, computed, gradient]) => {
        const head = make("th", name);
        head.setAttribute("scope", "row");
        return make("tr", head, make("td", computed), make("td", gradient));
      }),
    );
  }

  #drawAim({ node, nameOf, walk }: Moment): void {
    const canAsk =
      this.#isOn &&
      node !== undefined &&
      node !== this.#question?.node &&
      questionsOf(walk).some((question) => question.node === node);
    this.#aim.hidden = !canAsk;
    if (canAsk) write(this.#aim, `Ask me for ${nameOf(node)}`);
  }

  #drawScore(): void {
    const { first, later, shown } = this.#readScore();
    const asked = first + later + shown;
    this.#score.hidden = asked === 0;
    const parts = [`${first} of ${counted(asked, "gradient")} right at the first try`];
    if (later > 0) parts.push(`${later} later`);
    if (shown > 0) parts.push(`${shown} shown`);
    write(this.#score, `Score: ${parts.join(", ")}.`);
  }

  // ---- The score --------------------------------------------------------------------------------

  #readScore(): Score {
    const numbers = (this.#storage.get(KEY) ?? "").split(" ").map(Number);
    const [first = 0, later = 0, shown = 0] = numbers.map((n) =>
      Number.isSafeInteger(n) && n > 0 ? n : 0,
    );
    return { first, later, shown };
  }

  #keepScore({ first, later, shown }: Score): void {
    this.#storage.set(KEY, `${first} ${later} ${shown}`, () => []); // nothing else is dispensable
  }
}
