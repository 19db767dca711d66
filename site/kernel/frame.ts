/** The script of the sandboxed frame that holds the worker. */

export {};
