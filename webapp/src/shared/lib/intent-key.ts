/* One key per intention: what is sent again unchanged, after a lost answer or a second click, is the same act; what was changed in between is another,
   and the server would refuse it under the old key. */
import { useRef } from "react";
import { randomKey } from "./random-key";

export function useIntentKey(): (body: unknown) => string {
  const last = useRef({ said: "", key: "" });
  return (body) => {
    const said = JSON.stringify(body);
    if (said !== last.current.said) last.current = { said, key: randomKey() };
    return last.current.key;
  };
}
