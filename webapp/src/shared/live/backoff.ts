/* How long to wait before the n-th try of a connection: doubling from one second to one minute, of which a random
   half is taken ("equal jitter"), so that thousands of browsers do not come back in the same instant. Pure. */

const FIRST_MS = 1000;
const MOST_MS = 60_000;

/** `attempt` counts failures in a row from 1; `random` in [0, 1); `floorMs` is what the server asked for. */
export function backoffMs(attempt: number, random: number, floorMs = 0): number {
  const ceiling = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 16));
  const wait = ceiling / 2 + (ceiling / 2) * random;
  // A server's Retry-After is spread by a fifth as well: it told everybody the same number.
  return Math.round(Math.max(wait, floorMs * (1 + random / 5)));
}
