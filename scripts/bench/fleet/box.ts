// One simulated box: the product's own uplink and MQTT link over a journal in memory, so that windows, resending and
// sessions are those of a real box.
import type { Duplex } from "node:stream";
import { connect as connectTls, createSecureContext } from "node:tls";
import { createClock, monoNow } from "../../../edge/machine/clock.js";
import { createRandom } from "../../../edge/machine/random.js";
import { createTimer } from "../../../edge/machine/timer.js";
import type { Fact, FactMap } from "../../../edge/model/fact.js";
import type { Inventory } from "../../../edge/model/inventory.js";
import { laneOf } from "../../../edge/model/lane-of.js";
import { type JournalRecord, type Lane, type LaneHead, lanes } from "../../../edge/model/record.js";
import { noHash } from "../../../edge/record/hash.js";
import { makeRecord } from "../../../edge/record/make.js";
import { createMqttLink, type TlsIdentity } from "../../../edge/uplink/mqtt-link.js";
import { topicsOf } from "../../../edge/uplink/topics.js";
import { Uplink } from "../../../edge/uplink/uplink.js";

const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
const vitals = { rssBytes: 91_000_000, heapBytes: 41_000_000, loopDelayMsMax: 3.1, stepMsMax: 0.9 };
const saltBytes = 16;
/** A real box records its vitals each minute. */
const vitalsEveryMs = 60_000;

export interface BoxName {
  readonly site: string;
  readonly edge: string;
}

/** When one alarm was written down in the box and when the hub said that it is on its disk; ms since 1970. */
export interface Sent {
  readonly key: string;
  /** Where it is: `{site}/{edge}/zone:{zone}`. */
  readonly source: string;
  readonly at: number;
  storedAt: number | null;
}

export interface SimulatedBox {
  connect(): void;
  /** Whether the hub has stated its heads on the present connection. */
  isConnected(): boolean;
  /** A fence that is cut; `key` names the alarm. */
  raise(key: string): Sent;
  close(): Promise<void>;
}

/** Wall clock with parts of a millisecond, the same in every process of this machine. */
export function wallNow(): number {
  return performance.timeOrigin + performance.now();
}

export function createBox(
  { site, edge }: BoxName,
  { url, tls, inventory }: { readonly url: string; readonly tls: TlsIdentity; readonly inventory: Inventory },
): SimulatedBox {
  const journal = createJournal({ site, edge });
  const topics = topicsOf(site, edge);
  const link = createMqttLink({
    url,
    clientId: `${site}.${edge}`,
    subscribe: [topics.ack, topics.command],
    will: { topic: topics.status, payload: JSON.stringify({ online: false }) },
    openSocket: opener(tls),
  });
  const uplink = new Uplink({
    site,
    edge,
    links: [link],
    source: journal.source,
    machine,
    onCommand: async ({ id }) => ({ id, ok: true, code: "" }),
    onTrouble: () => undefined,
  });
  let cancelVitals: () => void = () => undefined;
  const add = <T extends Fact["type"]>(type: T, subject: string, data: FactMap[T]) => {
    journal.add(laneOf[type], type, { subject, data: data as unknown as JournalRecord["data"] });
    uplink.wake();
  };
  const sample = (afterMs: number) => {
    cancelVitals = machine.timer.at(monoNow() + afterMs, () => {
      add("health.sampled", edge, vitals);
      sample(vitalsEveryMs);
    });
  };
  add("agent.started", edge, { version: "bench", revision: 1, at: machine.clock.now() });
  add("config.applied", edge, { revision: 1, hash: noHash, inventory });
  return {
    connect() {
      uplink.start();
      sample(Math.random() * vitalsEveryMs);
    },
    isConnected: () => uplink.status().hubConnected,
    raise(key) {
      const sent = journal.expect(key, `${site}/${edge}/zone:${inventory.zones[0]?.id ?? "zone"}`);
      for (const { type, data } of cutFence(key, inventory)) add(type, inventory.zones[0]?.id ?? edge, data);
      return sent;
    },
    async close() {
      cancelVitals();
      await uplink.close();
    },
  };
}

/** The key is read once, not at each connection: a real box has a processor of its own for that. */
function opener(tls: TlsIdentity): (url: URL) => Duplex {
  const secureContext = createSecureContext({ ...tls, minVersion: "TLSv1.2" });
  return ({ hostname, port }) => {
    const socket = connectTls({ host: hostname, port: Number(port), secureContext });
    socket.setNoDelay(true);
    return socket;
  };
}

function cutFence(incident: string, { zones: [zone] }: Inventory) {
  const now = machine.clock.now();
  const place = { zone: zone?.id ?? "zone", area: zone?.area ?? "area" };
  const detection = { kind: "breach", cause: "fibre-cut", firstActivityAt: now, occurredAt: now, detectedAt: now };
  const opened = { id: incident, kind: "intrusion", place: place.area, openedAt: now, zones: [place.zone] };
  const alarm = { key: incident, priority: 1 };
  return [
    { type: "incident.opened", data: { incident: { ...opened, acknowledgedBy: null, exercise: false } } },
    {
      type: "zone.breached",
      data: {
        ...place,
        alarm,
        cause: "fibre-cut",
        incident,
        kind: "intrusion",
        detection: { ...detection, zone: place.zone },
      },
    },
  ] as unknown as readonly { readonly type: "zone.breached"; readonly data: FactMap["zone.breached"] }[];
}

/** A chained journal in memory, which lets go of what the hub has. */
function createJournal(origin: BoxName) {
  const epoch = Buffer.from(machine.random.bytes(8)).toString("hex");
  const kept: Record<Lane, JournalRecord[]> = { alarm: [], state: [], telemetry: [] };
  const none = (lane: Lane): LaneHead => ({ epoch, lane, sequence: 0, hash: noHash });
  const heads = { alarm: none("alarm"), state: none("state"), telemetry: none("telemetry") };
  const acknowledged = new Map<Lane, LaneHead>();
  /** By the number in the alarm lane. */
  const awaited = new Map<number, Sent>();
  let order = 0;

  function add(lane: Lane, type: string, { subject, data }: Pick<JournalRecord, "subject" | "data">): void {
    const salt = Buffer.from(machine.random.bytes(saltBytes)).toString("hex");
    const draft = { type, lane, subject, data, now: machine.clock.now(), exercise: false };
    const made = makeRecord(origin, draft, { head: heads[lane], order: ++order, salt, durable: true });
    heads[lane] = made.head;
    kept[lane].push(made.record);
  }

  function take(head: LaneHead): void {
    if (head.epoch !== epoch) return;
    acknowledged.set(head.lane, head);
    kept[head.lane] = kept[head.lane].filter(({ sequence }) => sequence > head.sequence);
    if (head.lane !== "alarm") return;
    for (const [sequence, sent] of awaited) {
      if (sequence > head.sequence) continue;
      sent.storedAt = wallNow();
      awaited.delete(sequence);
    }
  }

  return {
    add,
    /** The second record from now on in the alarm lane, after that of its incident, is the alarm. */
    expect(key: string, source: string): Sent {
      const sent: Sent = { key, source, at: wallNow(), storedAt: null };
      awaited.set(heads.alarm.sequence + 2, sent);
      return sent;
    },
    source: {
      epoch: () => epoch,
      heads: () => lanes.map((lane) => heads[lane]).filter(({ sequence }) => sequence > 0),
      read: async ({ lane, sequence: from }: Omit<LaneHead, "hash">, max: number) =>
        kept[lane].filter(({ sequence }) => sequence >= from).slice(0, max),
      acknowledged: () => [...acknowledged.values()],
      acknowledge: async (stated: readonly LaneHead[]) => stated.forEach(take),
    },
  };
}
