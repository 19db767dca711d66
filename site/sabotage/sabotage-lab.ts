/** `<sabotage-lab>`: an engine with a mistake in it beside the right one. Read src/explain/sabotage.ts first. */

export class SabotageLab extends HTMLElement {}
