/** When two engines agree. Nothing to read first. */

/**
 * Are two gradients equal but for the last digits? Two engines may sum in different orders, and find tanh
 * in different ways.
 */
export function agree(a: number, b: number): boolean {
  if (Object.is(a, b) || a === b) return true;
  return Math.abs(a - b) <= 1e-9 * Math.max(1e-3, Math.abs(a), Math.abs(b));
}
