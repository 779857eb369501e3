// Acknowledgements that were given at the hub and must reach the box: a fold over both sides' records, so that none is forgotten.
import type { LedgerRow } from "../ledger/ledger.js";

/** Acknowledgements under way; beyond that the oldest is forgotten. */
const tellsMax = 10_000;

export interface Tell {
  /** Id of the commands that carry it, up to `tryOf`. */
  readonly command: string;
  readonly site: string;
  readonly edge: string;
  readonly incident: string;
  readonly by: string;
}

export interface Tells {
  /** A person has acknowledged something of an incident here. `command` is absent in records of older hubs. */
  given(tell: Omit<Tell, "command"> & { readonly command?: string }): void;
  /** The box has written down this command. */
  heard(row: LedgerRow): void;
  /** Whether the box only repeats what it was told; it must not acknowledge alarms that this person has not seen. Asked once per record. */
  isEcho(row: LedgerRow): boolean;
  incidentClosed(place: Place): void;
  /** What the box has not written down yet, oldest first. */
  pending(): Iterable<Tell>;
}
type Place = Pick<Tell, "site" | "edge" | "incident">;

/** Id of one try, unique while this machine is up. */
export function tryOf(command: string, mono: number): string {
  return `${command}~${Math.floor(mono)}`;
}

export function createTells(): Tells {
  const pending = new Map<string, Tell>();
  /** Ids by incident of what was told, also of what has been heard. */
  const told = new Map<string, Set<string>>();
  /** By incident and person: records of the box that are still to come, or that always are echoes. */
  const echoes = new Map<string, Map<string, number>>();

  function expect(place: Place, by: string, count: number): void {
    const key = keyOf(place);
    const ofIncident = echoes.get(key) ?? new Map<string, number>();
    echoes.set(key, ofIncident.set(by, (ofIncident.get(by) ?? 0) + count));
  }

  return {
    given({ command, ...tell }) {
      if (command === undefined) {
        expect(tell, tell.by, Number.POSITIVE_INFINITY);
        return;
      }
      pending.set(command, { ...tell, command });
      const key = keyOf(tell);
      told.set(key, (told.get(key) ?? new Set()).add(command));
      if (pending.size > tellsMax) pending.delete(pending.keys().next().value ?? "");
    },
    heard({ site, edge, record }) {
      const { command: id, act, issuers } = record.data as CommandedData;
      if (act?.kind !== "acknowledge" || typeof id !== "string" || typeof act.incident !== "string") return;
      const [command = ""] = id.split("~");
      const place = { site, edge, incident: act.incident };
      if (told.get(keyOf(place))?.has(command) !== true) return;
      pending.delete(command);
      expect(place, String(issuers?.[0]), 1);
    },
    isEcho({ site, edge, record }) {
      const { incident, by } = record.data as { incident?: unknown; by?: unknown };
      const ofIncident = echoes.get(keyOf({ site, edge, incident: String(incident) }));
      const left = ofIncident?.get(String(by)) ?? 0;
      if (left > 0) ofIncident?.set(String(by), left - 1);
      return left > 0;
    },
    incidentClosed(place) {
      const key = keyOf(place);
      for (const command of told.get(key) ?? []) pending.delete(command);
      told.delete(key);
      echoes.delete(key);
    },
    pending: () => pending.values(),
  };
}

interface CommandedData {
  readonly command?: unknown;
  readonly act?: { readonly kind?: unknown; readonly incident?: unknown };
  readonly issuers?: readonly unknown[];
}

function keyOf({ site, edge, incident }: Place): string {
  return `${site}/${edge}/${incident}`;
}
