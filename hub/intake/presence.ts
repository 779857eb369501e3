// Which boxes are there. A box that stays away longer than its grace is an alarm; when it is back the alarm returns.
import type { OwnFact } from "../ledger/ledger.js";
import type { BoxStatus } from "./message.js";

export interface Presence {
  /** A status of a box arrived. */
  status(site: string, edge: string, status: BoxStatus, now: number): readonly OwnFact[];
  /** The hub's own link came back: what it knew of boxes is out of date, each of `boxes` has its grace anew. */
  linked(boxes: readonly { readonly site: string; readonly edge: string }[], now: number): void;
  /** The hub's own link is gone; nobody can be judged. */
  unlinked(): void;
  /** Those whose grace is over. */
  overdue(now: number): readonly OwnFact[];
  /** Nonce of the box's present connection; null when it is away. */
  session(site: string, edge: string): string | null;
}

interface Seen {
  readonly site: string;
  readonly edge: string;
  readonly status: BoxStatus | null;
  /** When the box went away; null while it is there or has been announced as silent. */
  readonly awaySince: number | null;
}

/** Times are monotonic ms. `isSilent` tells whether the alarm of a box stands. */
export function createPresence(silentAfterMs: number, isSilent: (site: string, edge: string) => boolean): Presence {
  const seen = new Map<string, Seen>();
  return {
    status(site, edge, status, now) {
      const key = `${site}/${edge}`;
      const awaySince = status.online ? null : (seen.get(key)?.awaySince ?? now);
      seen.set(key, { site, edge, status, awaySince });
      return status.online && isSilent(site, edge) ? [restored(site, edge)] : [];
    },
    linked(boxes, now) {
      for (const { site, edge } of boxes) {
        if (!seen.has(`${site}/${edge}`)) seen.set(`${site}/${edge}`, { site, edge, status: null, awaySince: now });
      }
    },
    unlinked: () => seen.clear(),
    overdue(now) {
      const silent = [...seen].filter(([, { awaySince }]) => awaySince !== null && now - awaySince >= silentAfterMs);
      for (const [key, box] of silent) seen.set(key, { ...box, awaySince: null });
      return silent.filter(([, { site, edge }]) => !isSilent(site, edge)).map(([, { site, edge }]) => gone(site, edge));
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
