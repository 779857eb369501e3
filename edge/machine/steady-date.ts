// A thread whose `Date` cannot jump: for libraries that measure spans by the wall clock and break when it is set.
import type { Clock } from "./ports.js";

/**
 * From now on `Date` in this thread runs by the monotonic clock, from the wall time at the last call of the returned
 * function. `clock` itself goes on to tell the true wall time.
 */
export function steadyDate(clock: Clock): () => void {
  let { wall, mono } = clock.now();
  const now = () => Math.floor(wall + clock.mono() - mono);
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
    apply: () => new Date(now()).toString(),
    get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
  });
  return () => {
    ({ wall, mono } = clock.now());
  };
}
