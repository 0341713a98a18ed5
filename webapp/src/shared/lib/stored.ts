/* Small choices kept in the browser. Storage may be refused (private windows, policies): then a choice lasts as
   long as the page. */

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function writeStored(key: string, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // The choice is not kept: nothing else depends on it.
  }
}
