/** The arguments of `console.log` as one text, with Deno's placeholders. Read inspect.ts first. */

import { inspect } from "./inspect.ts";

/**
 * @example formatLog(["%d of %s", 3.7, "ten", [1]]) // '3 of ten [ 1 ]'
 */
export function formatLog(values: readonly unknown[]): string {
  const [first, ...rest] = values;
  const parts: string[] = [];
  if (typeof first === "string" && rest.length > 0) parts.push(fillIn(first, rest));
  else if (values.length > 0) parts.push(plain(first));
  for (const value of rest) parts.push(plain(value));
  return parts.join(" ");
}

const plain = (value: unknown) => (typeof value === "string" ? value : inspect(value));

/** Puts values in place of %s, %d and the like, and takes them out of the list. */
function fillIn(template: string, values: unknown[]): string {
  return template.replace(/%([sdifjoOc%])/g, (placeholder, kind) => {
    if (kind === "%") return "%";
    if (values.length === 0) return placeholder;
    const value = values.shift();
    if (kind === "s") return String(value);
    if (kind === "c") return "";
    if (kind === "j") return JSON.stringify(value) ?? placeholder;
    if (kind === "o" || kind === "O") return inspect(value);
    if (typeof value === "bigint") return String(value);
    if (typeof value === "symbol") return "NaN";
    const text = String(value);
    return String(kind === "f" ? Number.parseFloat(text) : Number.parseInt(text, 10));
  });
}
