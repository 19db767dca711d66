/** What the front page runs. */

export {};
