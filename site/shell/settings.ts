/** What the reader chose, kept in this browser; gone with the tab where storage is blocked. Nothing to read first. */

/** Choices of this tab that could not be kept. */
const unkept = new Map<string, string | undefined>();

/** A choice by name, `undefined` if none was made. */
export function setting(name: string): string | undefined {
  if (unkept.has(name)) return unkept.get(name);
  try {
    return localStorage.getItem(key(name)) ?? undefined;
  } catch {
    return undefined; // storage is blocked
  }
}

/** Keeps a choice; `undefined` forgets it. */
export function setSetting(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), value);
    unkept.delete(name);
  } catch {
    unkept.set(name, value); // storage is blocked or full
  }
}

const key = (name: string): string => `chainrule:setting:${name}`;
