/** The longest beginning of `text` that fits into so many bytes of UTF-8, never half a character: letters with accents take two. */
export function fitBytes(text: string, max: number): string {
  const encoder = new TextEncoder();
  let kept = text;
  while (encoder.encode(kept).length > max) kept = Array.from(kept).slice(0, -1).join("");
  return kept;
}
