// The front page: the thing itself, where to look closer, then the course, then the rest. Read layout.mjs first.

import {
  firstExample,
  installCommand,
  whatIsDifferent,
  whatLessonsShow,
} from "../build/readme.mjs";
import { stepperHTML } from "../figures/stepper-html.mjs";
import { escapeText, layout, stepNumber } from "./layout.mjs";
import { snippet } from "./snippet.mjs";

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function frontPage(course, built) {
  const [first] = course.pages;
  const body = `<section class="hero">
<h1>Backpropagation, one number at a time</h1>
<p class="lead">A network learns by one rule: multiply along each path, add where paths meet. Watch the rule work on a formula that you can check in your head. Then build the engine that does it, in eight steps.</p>
${stepperHTML()}
<p class="actions"><a class="button primary" href="./${first?.page ?? "index.html"}">Start with step 1</a> <a class="button" data-continue href="./index.html" hidden></a></p>
</section>

<section aria-labelledby="see">
<h2 id="see">See it, stop it, break it</h2>
<p class="text">Three pages to look closer. Each state of each of them is a link: keep it, send it, put it on a slide.</p>
${toolList()}
</section>

<section aria-labelledby="course">
<h2 id="course">The course</h2>
<p class="text">From a slope to a trained network. You need a little TypeScript and school calculus, and nothing to install: the cells run in the page, you can change each one, and exercises check themselves.</p>
${courseList(course)}
</section>

<section class="text" aria-labelledby="different">
<h2 id="different">What is different in the engine</h2>
${whatIsDifferent()}
</section>

<section class="text" aria-labelledby="developers">
<h2 id="developers">For TypeScript developers</h2>
<p>The engine is a package without dependencies, for Node 20 or later, Deno and browsers. Until it is on the registry, run <code>npm pack</code> in a clone of the repository, then in your project:</p>
${snippet(installCommand())}
<p>A gradient, and the derivative of a derivative:</p>
${snippet(firstExample())}
</section>

<section class="text" aria-labelledby="teachers">
<h2 id="teachers">For teachers</h2>
<p>Figures, the debugger and the playground to embed, pages without solutions, a projector mode, notebooks, and progress as a file: <a href="./teachers.html">what there is for a class</a>.</p>
</section>`;
  return {
    file: "index.html",
    html: layout(
      {
        title: "chainrule",
        entry: "front",
        body,
        current: "index.html",
        description:
          "Backpropagation, one number at a time: see each gradient being made, then build the engine that makes it, in eight steps with cells that run.",
      },
      course,
      built,
    ),
  };
}

/** The pages where backpropagation is seen at work, with a line each. */
function toolList() {
  const tools = [
    [
      "debugger.html",
      "The backprop debugger",
      "Stop inside <code>backward()</code> and walk it, one node at a time, forwards and back: for a formula you type, or for a network at any step of its training. Each gradient shows the sum it is made of, and proves itself in three ways.",
    ],
    [
      "playground.html",
      "The playground",
      "Train a small network and watch each neuron learn. Add, move and delete points while it trains. Every weight, bias and gradient is on the page, and the same seed gives the same numbers again.",
    ],
    [
      "sabotage.html",
      "Break backward()",
      "Write <code>=</code> where <code>+=</code> belongs, forget to zero, take the wrong order: four classical mistakes beside the right engine. See which gradients go wrong, and why the loss often falls all the same.",
    ],
  ];
  const items = tools.map(
    ([page, title, line]) =>
      `<li><a href="./${page}"><span class="step-text"><strong>${title}</strong> <span>${line}</span></span></a></li>`,
  );
  return `<ul class="tool-list">\n${items.join("\n")}\n</ul>`;
}

/** The steps with a line each. @param {import("./all.mjs").Course} course */
function courseList(course) {
  const shows = whatLessonsShow();
  const items = course.pages.map(({ lesson, page }) => {
    const line = shows.get(lesson.slug);
    if (line === undefined) throw new Error(`README.md: the course has no row of ${lesson.slug}`);
    return `<li><a href="./${page}"><span class="step-number">${stepNumber(lesson)}</span><span class="step-text"><strong>${escapeText(lesson.title)}</strong> <span>${line}</span></span><span class="progress" data-lesson="${lesson.slug}" data-exercises="${lesson.exercises.length}"></span></a></li>`;
  });
  return `<ol class="course-list">\n${items.join("\n")}\n</ol>`;
}
