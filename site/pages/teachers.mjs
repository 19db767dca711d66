// What there is for a class. Read layout.mjs first.

import { parts } from "../debugger/parts.mjs";
import { escapeText, layout } from "./layout.mjs";
import { snippet } from "./snippet.mjs";

/** The address of a site; shell/copy.ts puts its own in its place. */
const site = "https://example.org/chainrule/";

/**
 * A page in a frame of another one, to copy and to see. What it shows is in the address.
 * @param {string} address
 * @param {string} title
 * @param {number} height in pixels
 */
const embed = (address, title, height) =>
  snippet(
    `<iframe src="${site}${address.replaceAll("&", "&amp;")}"
  title="${title}"
  width="100%" height="${height}" loading="lazy" style="border: 0"></iframe>`,
    `<button type="button" class="needs-scripts" data-here="./${escapeText(address)}" data-title="${escapeText(title)}" data-height="${height}" aria-expanded="false">Show it here</button>`,
  );

/** What may be left out of the pages: as in styles/playground.css and styles/sabotage.css. */
const hidden = {
  debugger: parts,
  playground: [
    "controls",
    "data",
    "training",
    "net",
    "plane",
    "curve",
    "selected",
    "formula",
    "words",
    "parameters",
    "graph",
    "files",
  ],
  sabotage: [
    "mistakes",
    "choice",
    "formula",
    "examples",
    "curves",
    "words",
    "graph",
    "table",
    "link",
  ],
};

/** Words of an address, in a sentence. @param {readonly string[]} words */
const words = (words) => words.map((word) => `<code>${word}</code>`).join(", ");

/**
 * @param {import("./all.mjs").Course} course
 * @param {import("./all.mjs").Built} built
 * @returns {import("./all.mjs").Page}
 */
export function teachersPage(course, built) {
  const lesson = course.pages[3]?.page ?? "index.html";
  const body = `<div class="text">
<h1>For teachers</h1>
<p class="lead">Take any of it into your lecture, your slides or your own pages. There is no server behind these pages, no account and no tracking: what your students write stays in their browsers.</p>

<h2 id="figures">A figure in your page</h2>
<p>Any formula can be stepped through, forwards and backwards. It goes into another page as a frame, with the formula and the numbers in the address:</p>
${embed("figure.html?L=(a*b%2Bc)*f&a=2&b=-3&c=10&f=-2", "Backpropagation through L = (a*b + c)*f, step by step", 600)}
<p><code>L</code> is the formula and the other names are its numbers. In an address <code>+</code> is written <code>%2B</code>. Besides <code>+ - * /</code> a formula may call the operations of the engine. More words in the address: <code>step=3</code> begins after three steps, <code>theme=dark</code> or <code>light</code> chooses the colours, and <code>hide=controls,receipt,list</code> leaves parts out.</p>
${embed("figure.html?L=tanh(w*x%2Bb)&w=-3&x=2&b=6.7&step=0", "A neuron, step by step", 600)}
<p>Without a page of your own: the same address, opened in a tab, is the figure alone.</p>
${snippet(`${site}figure.html?L=(a*b%2Bc)*f&a=2&b=-3&c=10&f=-2`)}

<h2 id="tools">Debugger, playground and broken engines in your page</h2>
<p>In a frame, these three pages leave out their header and footer. Open one, bring it into the state that you want to show, press <em>Copy link</em>, and put that address into the frame. Nothing in them begins to play by itself.</p>
<p><a href="./debugger.html?L=(a*b%2Bc)*tanh(f)&amp;a=2&amp;b=-3&amp;c=10&amp;f=-2&amp;step=4">The debugger</a>: every step of a formula's passes, with the sum behind each gradient. And <a href="./debugger.html#run&amp;data=even-odd&amp;step=20">inside a training run</a>, at any of its steps.</p>
${embed("debugger.html?L=(a*b%2Bc)*tanh(f)&a=2&b=-3&c=10&f=-2&step=4&hide=choice,words,panels,link,help", "The backward pass of a formula, step by step", 600)}
${embed("debugger.html?hide=choice,source,words,panels,link,help#run&data=even-odd&step=20", "Inside backward(), at step 20 of a training run", 1000)}
<p><a href="./playground.html#data=moons">The playground</a>: the data set, the network, the seed and the number of steps are in the address, and the same address gives the same numbers on every machine.</p>
${embed("playground.html?hide=data,training,net,selected,formula,curve,words,parameters,graph,files#data=moons", "A network learns two moons", 1000)}
<p><a href="./sabotage.html?L=y=x*x&amp;x=3&amp;mistakes=assign">The broken engines</a>: which mistakes are switched on is in the address, too.</p>
${embed("sabotage.html?net&seed=1337&step=10&mistakes=wrongOrder&hide=choice,graph,table,link", "A network trains with a wrong backward(), beside the right one", 1200)}
<p>More words in the address, before any <code>#</code>: <code>theme=dark</code> or <code>light</code> chooses the colours in a frame, and <code>hide=</code> leaves parts out. Of the debugger these are ${words(hidden.debugger)}; of the playground ${words(hidden.playground)}; of the broken engines ${words(hidden.sabotage)}. In a tab of its own, <code>embed</code> leaves header and footer out as a frame does:</p>
${snippet(`${site}playground.html?embed&theme=dark#data=spirals`)}

<h2 id="solutions">Lessons without solutions</h2>
<p>With <code>?solutions=hide</code> the solutions of exercises are not shown. Hints stay, and exercises still check themselves. Links within the site keep the flag.</p>
${snippet(`${site}${lesson}?solutions=hide`)}
<p>It spares your students a temptation and is no lock: whoever takes the words out of the address sees the solutions, and so does whoever reads the repository.</p>

<h2 id="projector">On a projector</h2>
<p>With <code>?projector</code> text and figures are larger, and what is around them is gone. The two flags go together: <code>?projector&amp;solutions=hide</code>. The header has the way back.</p>
${snippet(`${site}${lesson}?projector`)}
<p><a href="?projector" data-without-flags>See this page in projector mode</a>. A dark room asks for the dark theme: the switch is in the header.</p>

<h2 id="notebooks">The same course as notebooks</h2>
<p>Each lesson is also a Jupyter notebook with all outputs and pictures inside, in the folder <code>notebooks/</code> of the repository. In a clone, with nothing but Node 20 or later:</p>
${snippet("npm run kernel              # once: installs the TypeScript kernel (Deno) for Jupyter\njupyter notebook notebooks  # or open the folder in VS Code with its Jupyter extension")}
<p>The notebooks are made from the same text as these pages, and a test compares what each cell prints.</p>

<h2 id="progress">Progress as a file</h2>
<p>What students write and finish is kept in their browser. On <a href="./progress.html">Your progress</a> they save it as one file: to hand it in, or to go on with another machine, where the same page reads the file.</p>

<h2 id="host">On your own server, or on none</h2>
<p>This site is a folder of files. Copied to any static host, under any path, it works as it does here; after the first visit it works without a network as well. In a clone:</p>
${snippet("npm start           # the site on this machine\nnpm run site:build  # the folder to copy")}

<h2 id="print">On paper</h2>
<p>Lessons print without buttons and menus, with outputs and pictures, in light colours. Hints and solutions that are closed are left out.</p>
</div>`;
  return {
    file: "teachers.html",
    html: layout(
      {
        title: "For teachers",
        entry: "shell",
        body,
        current: "teachers.html",
        description:
          "Figures to embed, lessons without solutions, projector mode, notebooks, and progress as a file.",
      },
      course,
      built,
    ),
  };
}
