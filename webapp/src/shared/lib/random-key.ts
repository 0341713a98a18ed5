/** 32 hexadecimal digits, for an Idempotency-Key. `randomUUID` does not exist outside of secure contexts. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
