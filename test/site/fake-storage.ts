// Local storage for tests, which can be full, throw, or be shared by tabs. Nothing to read first.

import type { TextStorage } from "../../site/shell/storage.ts";

type Event = Pick<StorageEvent, "key" | "newValue">;

/** Local storage of one browser: its tabs hear of each other's changes. */
export class FakeStorage {
  readonly items = new Map<string, string>();
  /** Characters that it takes. */
  room = Number.POSITIVE_INFINITY;
  /** Called before each access; may throw. */
  before: (method: string) => void = () => {};
  readonly tabs: ((event: Event) => void)[] = [];

  /** What one tab sees as `window.localStorage`. */
  tab(): { storage: TextStorage; listen: (listener: (event: Event) => void) => void } {
    const heard: ((event: Event) => void)[] = [];
    const own = (event: Event) => {
      for (const listener of heard) listener(event);
    };
    this.tabs.push(own);
    const tell = (event: Event) => {
      for (const tab of this.tabs) if (tab !== own) tab(event);
    };
    const { items } = this;
    const access = (method: string) => this.before(method);
    const size = () => [...items].reduce((sum, [key, value]) => sum + key.length + value.length, 0);
    const room = () => this.room;
    const storage: TextStorage = {
      get length() {
        access("length");
        return items.size;
      },
      key(index) {
        access("key");
        return [...items.keys()][index] ?? null;
      },
      getItem(key) {
        access("getItem");
        return items.get(key) ?? null;
      },
      setItem(key, value) {
        access("setItem");
        const before = items.get(key);
        items.set(key, value);
        if (size() > room()) {
          if (before === undefined) items.delete(key);
          else items.set(key, before);
          throw new DOMException("no room", "QuotaExceededError");
        }
        tell({ key, newValue: value });
      },
      removeItem(key) {
        access("removeItem");
        if (items.delete(key)) tell({ key, newValue: null });
      },
    };
    return { storage, listen: (listener) => heard.push(listener) };
  }
}
