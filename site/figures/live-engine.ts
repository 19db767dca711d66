/** The part of the engine that live texts compute with, loaded when the first number is touched. */

export { grad, parseExpression, Value } from "chainrule";
