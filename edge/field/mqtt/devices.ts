// Which field devices are alive: any word of a device is a sign of life, its silence or its will is the opposite.
import type { Clock, Timer } from "../../machine/ports.js";
import type { MonoMs } from "../../model/time.js";
import type { MqttDriverConfig } from "../../model/wiring.js";

export interface Devices {
  /** Starts the waiting for every device; one that says nothing within its limit is lost. */
  start(): void;
  /** A word of the device. */
  heard(device: string, at: MonoMs): void;
  /** The device has said, or the broker has seen, that it is gone. */
  gone(device: string): void;
  isLost(device: string): boolean;
  /** Newest sign of life of any device; null before the first. */
  lastHeardAt(): MonoMs | null;
  /** Every device counts as lost, without a call. */
  stop(): void;
}

/** `onLost` is called once each time a device is lost. */
export function watchDevices(
  config: MqttDriverConfig["devices"],
  machine: { readonly clock: Clock; readonly timer: Timer },
  onLost: (device: string) => void,
): Devices {
  const { clock, timer } = machine;
  const states = new Map(
    config.map(({ id, silentAfterMs }) => [
      id,
      { silentAfterMs, lost: true, aliveAt: 0, cancel: (): void => undefined },
    ]),
  );
  let newest: MonoMs | null = null;

  function wait(device: string, since: MonoMs): void {
    const state = states.get(device);
    if (state === undefined) return;
    state.aliveAt = since;
    if (!state.lost) return;
    state.lost = false;
    const check = () => {
      const dueAt = state.aliveAt + state.silentAfterMs;
      if (clock.mono() >= dueAt) lose(device);
      else state.cancel = timer.at(dueAt, check);
    };
    state.cancel = timer.at(since + state.silentAfterMs, check);
  }
  function lose(device: string): void {
    const state = states.get(device);
    if (state === undefined || state.lost) return;
    state.lost = true;
    state.cancel();
    onLost(device);
  }
  return {
    start() {
      for (const device of states.keys()) wait(device, clock.mono());
    },
    heard(device, at) {
      newest = at;
      wait(device, at);
    },
    gone: lose,
    isLost: (device) => states.get(device)?.lost ?? true,
    lastHeardAt: () => newest,
    stop() {
      for (const state of states.values()) {
        state.lost = true;
        state.cancel();
      }
    },
  };
}
