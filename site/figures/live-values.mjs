// The numbers of a live text: what its variables define, and how they are written. Shared by the build,
// which checks them, and the page. Read src/expression.ts and lessons/AUTHORS.md first.

/**
 * @typedef {object} Variable a number that the reader may change
 * @property {string} name
 * @property {number} value the lesson's
 * @property {number} from
 * @property {number} to
 * @property {number} by the length of a step; with `factor`, what a step multiplies by
 * @property {boolean} factor
 *
 * @typedef {{ name: string, expression: string }} Definition a name for an expression
 *
 * @typedef {object} LiveNumber a number in the text
 * @property {string} expression the name of a variable: it can be changed here
 * @property {number} [digits] behind the point; as many as needed if left out
 * @property {boolean} [factor] stands after an operator: in parentheses when it is negative
 *
 * @typedef {object} Live
 * @property {Variable[]} variables
 * @property {Definition[]} definitions in order: each may use those before it
 * @property {LiveNumber[]} numbers in the order of the text
 *
 * @typedef {Pick<typeof import("chainrule"), "parseExpression" | "grad" | "Value">} Engine
 */

/** `d(y, x)`, the slope of y for x: the one thing that expressions of the engine do not have. */
const slope = /\bd\(\s*([\p{L}_]\w*)\s*,\s*([\p{L}_]\w*)\s*\)/gu;

/**
 * The numbers of the text for some values of the variables, in its order.
 * @param {Live} live
 * @param {ReadonlyMap<string, number>} values of the variables, by name
 * @param {Engine} engine
 * @returns {number[]}
 * @throws Error that says what is wrong with an expression
 */
export function liveNumbers(live, values, { parseExpression, grad, Value }) {
  /** @type {Record<string, InstanceType<typeof Value>>} */
  const named = {};
  for (const { name, value } of live.variables) named[name] = new Value(values.get(name) ?? value);

  /** @param {string} expression */
  const evaluate = (expression) => {
    const plain = expression.replace(slope, (all, output, input) => {
      const [y, x] = [output, input].map((name) => {
        if (Object.hasOwn(named, name)) return named[name];
        throw new Error(`${all}: expected names that are defined, got ${name}`);
      });
      const name = `slope_${output}_${input}`;
      named[name] = grad(y, [x])[0];
      return name;
    });
    return parseExpression(plain).evaluate(named);
  };

  for (const { name, expression } of live.definitions) named[name] = evaluate(expression);
  return live.numbers.map(({ expression }) => evaluate(expression).data);
}

/**
 * A number as the text writes it.
 * @param {number} value
 * @param {number} [digits] behind the point; if left out, as many as it needs, ten at most that count
 */
export function written(value, digits) {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "-∞";
  const text = digits === undefined ? String(Number(value.toPrecision(10))) : value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text;
}

/**
 * The value of a variable some steps further on, within its range and on the grid of its steps.
 * @param {Variable} variable
 * @param {number} value
 * @param {number} steps
 */
export function moved({ from, to, by, factor }, value, steps) {
  const next = factor ? value * by ** steps : (Math.round(value / by) + steps) * by;
  return Number(Math.min(to, Math.max(from, next)).toPrecision(10));
}
