/**
 * Local storage that never throws: what it refuses stays in memory until the page is left. Nothing to
 * read first.
 */

/** The part of `window.localStorage` that is used. */
export type TextStorage = Pick<Storage, "length" | "key" | "getItem" | "setItem" | "removeItem">;

/** "full": some of it is in memory only, for want of room. "blocked": the browser keeps nothing. */
export type StorageState = "kept" | "full" | "blocked";

export class SafeStorage {
  readonly #open: () => TextStorage;
  /** What storage refused; undefined stands for a removal. */
  readonly #memory = new Map<string, string | undefined>();
  #state: StorageState = "kept";

  /** @param open gives the storage; reading `window.localStorage` may itself throw */
  constructor(open: () => TextStorage) {
    this.#open = open;
    this.keys(); // finds out whether it is blocked
  }

  get state(): StorageState {
    return this.#state;
  }

  keys(): string[] {
    const keys = new Set<string>();
    try {
      const storage = this.#open();
      for (let i = 0; i < storage.length; i += 1) {
        const key = storage.key(i);
        if (key !== null) keys.add(key);
      }
    } catch {
      this.#state = "blocked";
    }
    for (const [key, value] of this.#memory) {
      if (value === undefined) keys.delete(key);
      else keys.add(key);
    }
    return [...keys];
  }

  get(key: string): string | undefined {
    if (this.#memory.has(key)) return this.#memory.get(key);
    try {
      return this.#open().getItem(key) ?? undefined;
    } catch {
      this.#state = "blocked";
      return undefined;
    }
  }

  /**
   * Keeps a text; in memory if it must.
   * @param dispensable gives the keys that may go, one after the other, when there is no room
   * @returns whether it will be there after a reload
   */
  set(key: string, value: string, dispensable: () => readonly string[]): boolean {
    let victims: Iterator<string> | undefined;
    for (;;) {
      try {
        this.#open().setItem(key, value);
        this.#kept(key);
        return true;
      } catch (error) {
        const full = isFull(error);
        if (full) {
          victims ??= dispensable()[Symbol.iterator]();
          const victim = victims.next();
          if (!victim.done) {
            this.delete(victim.value);
            continue;
          }
        }
        this.#memory.set(key, value);
        this.#state = full ? "full" : "blocked";
        return false;
      }
    }
  }

  delete(key: string): void {
    try {
      this.#open().removeItem(key);
      this.#kept(key);
    } catch {
      this.#memory.set(key, undefined);
      this.#state = "blocked";
    }
  }

  /** Another tab has stored this key: what counts is there, not in this tab's memory. */
  overtaken(key: string): void {
    this.#kept(key);
  }

  #kept(key: string): void {
    this.#memory.delete(key);
    if (this.#memory.size === 0) this.#state = "kept";
  }
}

/** Old Firefox has a name of its own for it. */
function isFull(error: unknown): boolean {
  const name = error instanceof Error ? error.name : "";
  return name === "QuotaExceededError" || name === "NS_ERROR_DOM_QUOTA_REACHED";
}
