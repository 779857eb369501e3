// Waiting with a limit, because requests to a dead server may never answer.
import type { Clock, Timer } from "../../machine/ports.js";

/** From an order to what the server shows then, unless the point declares its own. */
export const orderWithinMs = 1_500;

export type Machine = { readonly clock: Clock; readonly timer: Timer };

export function pause(ms: number, { clock, timer }: Machine): Promise<void> {
  return new Promise((resolve) => {
    timer.at(clock.mono() + ms, resolve);
  });
}

/** Rejects when `promise` has not settled after `ms`; what it does later is not heard. */
export function within<T>(ms: number, promise: Promise<T>, { clock, timer }: Machine): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timer.at(clock.mono() + ms, () => reject(new Error(`no answer within ${ms} ms`)));
    promise.then(resolve, reject).finally(cancel);
  });
}

/** On one line: node-opcua's messages have several, with advice. */
export function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\s+/g, " ").slice(0, messageLengthMax);
}
const messageLengthMax = 300;
