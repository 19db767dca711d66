/** The worker that trains. Read run.ts first. */

export {};
