// A test is a list of named steps that run one after the other; the first that fails ends it. Exit 0 passes, 77 skips.
import assert from "node:assert/strict";

const steps = [];
const endings = [];

/** A step, in one sentence that says what is so when it passes. */
export function step(sentence, run) {
  steps.push({ sentence, run });
}

/** Runs when the test ends, however it ends. */
export function atEnd(run) {
  endings.push(run);
}

export function skip(words) {
  console.log(words);
  process.exit(77);
}

/** Runs the steps. `onFailure` may keep evidence. */
export async function run(onFailure = async () => undefined) {
  let status = 0;
  for (const { sentence, run } of steps) {
    const began = Date.now();
    try {
      await run();
      console.log(`ok      ${sentence} (${Date.now() - began} ms)`);
    } catch (error) {
      console.log(`FAILED  ${sentence}\n${error?.stack ?? error}`);
      await Promise.resolve(onFailure()).catch(() => undefined);
      status = 1;
      break;
    }
  }
  for (const end of endings.reverse()) await Promise.resolve(end()).catch((error) => console.log(`at the end: ${error}`));
  process.exit(status);
}

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tries until `probe` neither throws nor gives a falsy value; the last reason is the failure. */
export async function until(what, probe, patienceMs = 10_000) {
  const end = Date.now() + patienceMs;
  let reason;
  do {
    try {
      const value = await probe();
      if (value) return value;
      reason = `got ${JSON.stringify(value)}`;
    } catch (error) {
      reason = error?.message ?? error;
    }
    await pause(100);
  } while (Date.now() < end);
  assert.fail(`${what}: not within ${patienceMs} ms; ${reason}`);
}
