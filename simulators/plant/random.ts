// Seeded randomness of the plant: the same seed gives the same noise, and `state` lets a stream go on where it stopped.

/** One stream of pseudo-random numbers (mulberry32). */
export interface RandomStream {
  /** Even between 0 (included) and 1 (excluded). */
  next(): number;
  /** Normally distributed with mean 0 and deviation 1. */
  gauss(): number;
  /** A seed that continues this stream. */
  state(): number;
}

export function randomStream(seed: number): RandomStream {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    gauss: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    state: () => state,
  };
}
