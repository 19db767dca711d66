/** What lesson pages run. */

export {};
