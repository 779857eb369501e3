// What the kernel says of the wall clock: whether a time source disciplines it, whichever program that is (timesyncd, chrony,
// ntpd, PTP all tell the kernel). Reading needs no privilege.
import { createRequire } from "node:module";

/** adjtimex(2): the clock is not synchronised. */
const timeError = 5;
/** Larger than `struct timex` on any machine; zeros ask and change nothing. */
const timexBytes = 512;

type Ask = (timex: Buffer) => number;
/** Undefined: not looked for yet. What cannot be loaded once is not looked for again at every question. */
let ask: Ask | null | undefined;

/** Null where the kernel cannot be asked. */
export function isKernelSynchronised(): boolean | null {
  if (ask === undefined) ask = loadAsk();
  const state = ask?.(Buffer.alloc(timexBytes)) ?? -1;
  return state < 0 ? null : state !== timeError;
}

/** Loaded when first needed: not every thread that has a clock asks how far it is to be believed. */
function loadAsk(): Ask | null {
  try {
    const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
    return koffi.load(null).func("int adjtimex(void *timex)") as Ask;
  } catch {
    // A system without this call, or without the library: the mark of timesyncd is looked for.
    return null;
  }
}
