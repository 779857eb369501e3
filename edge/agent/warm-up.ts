// Runs the controller on a throw-away state before the box reads its field: the first alarm must not wait for the compiler.
import { initialState, type State, step } from "../controller.js";
import type { Durable } from "../model/durable.js";
import type { PointValue } from "../model/point.js";
import { type EdgeConfig, pointsOf } from "../model/site.js";
import type { Input } from "../model/state.js";
import { later, type Stamp } from "../model/time.js";

/** Enough for the compiler to take the hot paths; some tenths of a second on the smallest box. */
const rounds = 6;
const tickMs = 500;

/** Changes nothing: the controller is pure, and what it would do is thrown away. */
export function warmUp(config: EdgeConfig, durable: Durable, now: Stamp): void {
  let state: State = initialState(config, durable, now);
  let at = now;
  const feed = (input: Input): void => {
    at = later(at, tickMs);
    state = step(state, input, at).state;
  };
  feed({ kind: "started" });
  for (let round = 0; round < rounds; round += 1) {
    const isOn = round % 2 === 1;
    for (const { id } of config.groups) feed(lockDown(id, `warm-up-${round}`));
    for (const { id } of pointsOf(config)) feed(seen(id, isOn, at.mono));
    feed({ kind: "wake" });
  }
}

function seen(point: string, value: PointValue, occurredAt: number): Input {
  return { kind: "sample", sample: { point, value, quality: "good", occurredAt } };
}

function lockDown(group: string, id: string): Input {
  return { kind: "command", command: { id, issuers: ["warm-up"], reason: "", act: { kind: "lock-down", group } } };
}
