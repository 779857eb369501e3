// Which boxes are there. A box that stays away longer than its grace is an alarm; when it is back the alarm returns.
import type { OwnFact } from "../ledger/ledger.js";
import type { BoxStatus as WholeStatus } from "./message.js";

type BoxStatus = Pick<WholeStatus, "online" | "session">;

export interface Presence {
  /** A status of a box arrived. */
  status(site: string, edge: string, status: BoxStatus, now: number): readonly OwnFact[];
  /** The hub's own link came back: what it knew of boxes is out of date, each of `boxes` has its grace anew. */
  linked(boxes: readonly { readonly site: string; readonly edge: string }[], now: number): void;
  /** The hub's own link is gone; nobody can be judged. */
  unlinked(): void;
  /** What is to be recorded of those whose grace is over. Given again, after another grace, when it has not come to stand. */
  overdue(now: number): readonly OwnFact[];
  /** Nonce of the box's present connection; null when it is away. */
  session(site: string, edge: string): string | null;
}

interface Seen {
  readonly site: string;
  readonly edge: string;
  readonly status: BoxStatus | null;
  /** When its grace is over; null when the alarm stands for one that is away, and not for one that is there. */
  readonly dueAt: number | null;
}

/** Grace of a box that went away. */
export const silentAfterMs = 10_000;
/** Grace of a box that has not come yet: after a long outage of the hub it tries again every 30 s. */
export const unseenAfterMs = 45_000;

/** Times are monotonic ms. `isSilent` tells whether the alarm of a box stands. */
export function createPresence(isSilent: (site: string, edge: string) => boolean): Presence {
  const seen = new Map<string, Seen>();
  const wordOn = ({ site, edge, status }: Seen): OwnFact | null => {
    const isHere = status?.online === true;
    if (isHere !== isSilent(site, edge)) return null;
    return isHere ? restored(site, edge) : gone(site, edge);
  };
  return {
    status(site, edge, status, now) {
      seen.set(`${site}/${edge}`, { site, edge, status, dueAt: now + silentAfterMs });
      return status.online && isSilent(site, edge) ? [restored(site, edge)] : [];
    },
    linked(boxes, now) {
      for (const { site, edge } of boxes) {
        const key = `${site}/${edge}`;
        if (!seen.has(key)) seen.set(key, { site, edge, status: null, dueAt: now + unseenAfterMs });
      }
    },
    unlinked: () => seen.clear(),
    overdue(now) {
      const due = [...seen].filter(([, { dueAt }]) => dueAt !== null && dueAt <= now);
      return due.flatMap(([key, box]) => {
        const word = wordOn(box);
        seen.set(key, { ...box, dueAt: word && now + silentAfterMs });
        return word ?? [];
      });
    },
    session(site, edge) {
      const status = seen.get(`${site}/${edge}`)?.status;
      return status?.online === true ? status.session : null;
    },
  };
}

function keyOf(site: string, edge: string): string {
  return `edge.silent/${site}/${edge}`;
}

function gone(site: string, edge: string): OwnFact {
  const alarm = { key: keyOf(site, edge), priority: 2 };
  return { type: "edge.silent", lane: "alarm", subject: edge, data: { alarm, site, edge } };
}

function restored(site: string, edge: string): OwnFact {
  return { type: "edge.restored", lane: "alarm", subject: edge, data: { site, edge, alarms: [keyOf(site, edge)] } };
}
