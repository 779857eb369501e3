// A text in pieces that each fit into a record, for a spare box to be set up with.
import type { KeptText } from "./replacement.js";

/** Far below the 250 KiB that the uplink takes as one record, whatever the letters become in JSON. */
export const partCharactersMax = 32 * 1024;

/** Together the parts are `text`. */
export function keptParts(text: string, hash: string): readonly KeptText[] {
  const pieces: string[] = [];
  for (let from = 0; from < text.length || pieces.length === 0; ) {
    const end = from + partCharactersMax;
    // A letter beyond the basic plane is two units, which stay together.
    const piece = text.slice(from, /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) ? end - 1 : end);
    pieces.push(piece);
    from += piece.length;
  }
  return pieces.map((piece, part) => ({ hash, part, parts: pieces.length, text: piece }));
}
