/** How the network of the sabotage lab is trained. Nothing to read first. */

/** Training steps. */
export const STEPS = 300;
/** The learning rate of the original. */
export const RATE = 0.1;
