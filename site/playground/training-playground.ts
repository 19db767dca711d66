/** `<training-playground>`: a network that learns before the reader's eyes. Read ../runs/run.ts first. */

export class TrainingPlayground extends HTMLElement {}
