// When a control room that cannot be reached becomes an alarm: a short break is the network's, a longer one somebody's work. Pure.
import type { OwnFact } from "../ledger/ledger.js";

export interface OutletState {
  readonly name: string;
  /** Null: not known yet. */
  readonly reachable: boolean | null;
}

/** Unreachable for so long is an alarm. */
export const lostAfterMs = 60_000;

const keyOf = (name: string) => `control-room/${name}`;

/** `isLost`: whether the alarm of an outlet stands already, as after a restart. */
export function createOutletWatch(isLost: (key: string) => boolean) {
  const awaySince = new Map<string, number>();

  function isOverdue({ name, reachable }: OutletState, now: number): boolean {
    // Nobody has had a reason to try it yet.
    if (reachable === null && !awaySince.has(name)) return false;
    const since = awaySince.get(name) ?? now;
    awaySince.set(name, since);
    return now - since >= lostAfterMs;
  }

  /** What is to be recorded now, of outlets as they are. */
  return (outlets: readonly OutletState[], now: number): readonly OwnFact[] =>
    outlets.flatMap(({ name, reachable }): OwnFact[] => {
      const key = keyOf(name);
      if (reachable === true) {
        awaySince.delete(name);
        return isLost(key)
          ? [{ type: "control-room.restored", lane: "state", subject: name, data: { room: name, alarms: [key] } }]
          : [];
      }
      if (!isOverdue({ name, reachable }, now) || isLost(key)) return [];
      return [
        { type: "control-room.lost", lane: "alarm", subject: name, data: { alarm: { key, priority: 2 }, room: name } },
      ];
    });
}
