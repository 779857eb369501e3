// The machine's source of randomness.
import { randomBytes } from "node:crypto";
import type { Random } from "./ports.js";

export function createRandom(): Random {
  return { bytes: (count) => randomBytes(count) };
}
