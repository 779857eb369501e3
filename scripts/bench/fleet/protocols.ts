// OPC UA and DC-09 listeners of a hub under load. Neither protocol carries an alarm's key: over OPC UA an event is told apart by
// its source, over DC-09 by its place in the order of the ledger.
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { type Conditions, connectConditions } from "../../../test/support/conditions.js";
import { type ReceiverOptions, startReceiver } from "../../../test/support/dc09-receiver.js";
import { wallNow } from "./box.js";
import type { HubReach } from "./hub.js";
import type { Frozen, Outlet } from "./outlets.js";

const refreshWithinMs = 10_000;

function connect({ opcuaPort: port, dataDir, login }: HubReach, name: string): Promise<Conditions> {
  return connectConditions({ port, dataDir, folder: join(dataDir, "..", name), ...login });
}

/** A source has one condition, so of alarms of one zone at once the first event after each counts. */
export async function openConditions(hub: HubReach): Promise<Outlet> {
  const seen = new Map<string, number>();
  const told = new Map<string, number[]>();
  const listen = async () => {
    const conditions = await connect(hub, "conditions");
    conditions.onEvent(({ source, active }) => {
      if (active) told.set(source, [...(told.get(source) ?? []), wallNow()]);
    });
    return conditions;
  };
  let conditions = await listen();
  return {
    name: "OPC UA",
    seen,
    match(sent) {
      for (const { key, source, at } of sent) {
        const first = told.get(source)?.find((heardAt) => heardAt >= at);
        if (first !== undefined && !seen.has(key)) seen.set(key, first);
      }
    },
    /** As a client does whose server was gone: a new session, and all that is retained. */
    async catchUp() {
      const late = AbortSignal.timeout(refreshWithinMs);
      const gone = new Promise<never>((_, reject) => late.addEventListener("abort", () => reject(late.reason)));
      try {
        await Promise.race([conditions.refresh(), gone]);
      } catch {
        await Promise.race([conditions.close(), gone]).catch(() => undefined);
        conditions = await listen();
        await conditions.refresh();
      }
    },
    close: () => conditions.close(),
  };
}

/** Has a session and a subscription, and reads nothing. */
export async function freezeConditions(hub: HubReach): Promise<Frozen> {
  const conditions = await connect(hub, "frozen-conditions");
  conditions.freeze();
  // The hub may have ended meanwhile.
  return { close: () => Promise.race([conditions.close(), new Promise<void>((resolve) => setTimeout(resolve, 2000))]) };
}

/** `ledger`: its file, once there is one. */
export async function openStation(ledger: () => string): Promise<Outlet & { readonly port: number }> {
  const seen = new Map<string, number>();
  const heard = new Map<string, number>();
  const onEvent: ReceiverOptions["onEvent"] = ({ sequence, data }) => {
    // Said again after an answer was lost, an event keeps its number.
    if (data.includes("/BA") && !heard.has(sequence)) heard.set(sequence, wallNow());
  };
  const receiver = await startReceiver({ transport: "tcp", key: null, onEvent });
  return {
    name: "DC-09",
    port: receiver.port,
    seen,
    match() {
      const times = [...heard.values()];
      for (const [index, key] of keysIn(ledger()).entries()) {
        const at = times[index];
        if (at !== undefined && !seen.has(key)) seen.set(key, at);
      }
    },
    catchUp: async () => undefined,
    close: receiver.close,
  };
}

/** Keys of all burglary alarms, in the order of the ledger. */
function keysIn(ledger: string): readonly string[] {
  const file = new SqliteDatabase(ledger, { readonly: true });
  try {
    const rows = file
      .prepare(
        "SELECT json_extract(json, '$.data.alarm.key') AS key FROM records WHERE type = 'zone.breached' ORDER BY row",
      )
      .all() as { readonly key: string }[];
    return rows.map(({ key }) => key);
  } finally {
    file.close();
  }
}

export interface MuteStation {
  readonly port: number;
  /** From now on it takes events and answers none. */
  freeze(): void;
  close(): Promise<void>;
}

export async function openMuteStation(): Promise<MuteStation> {
  let isFrozen = false;
  const receiver = await startReceiver({
    transport: "tcp",
    key: null,
    onEvent: () => {
      if (isFrozen) receiver.answers.push("none");
    },
  });
  return {
    port: receiver.port,
    freeze() {
      isFrozen = true;
    },
    close: receiver.close,
  };
}
