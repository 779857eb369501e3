// A box as the hub sees it: a journal that chains records, and a connection with a certificate of its own.
import { randomBytes } from "node:crypto";
import mqtt, { type MqttClient } from "mqtt";
import type { Obstacle } from "../../edge/model/command.js";
import type { Fact } from "../../edge/model/fact.js";
import type { Inventory } from "../../edge/model/inventory.js";
import { laneOf } from "../../edge/model/lane-of.js";
import type { JournalRecord, Lane, LaneHead } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";
import { noHash } from "../../edge/record/hash.js";
import { makeRecord } from "../../edge/record/make.js";
import type { LedgerRow } from "../../hub/ledger/ledger.js";

export const noon = Date.parse("2026-06-01T12:00:00.000Z");

/** `ms` after noon on the box's clocks. */
export function at(ms: number): Stamp {
  return { boot: "boot-1", mono: 1000 + ms, wall: noon + ms, clock: "synchronised" };
}

export interface Journal {
  /** The next record of its type's lane (or of `lane`), made `ms` after noon. */
  add(
    type: Fact["type"] | (string & {}),
    data: object,
    options?: { lane?: Lane; ms?: number; subject?: string; exercise?: boolean },
  ): JournalRecord;
  readonly records: JournalRecord[];
  head(lane: Lane): LaneHead;
}

export function createJournal(site: string, edge: string, epoch = "epoch-1"): Journal {
  const heads = new Map<Lane, LaneHead>();
  const records: JournalRecord[] = [];
  const head = (lane: Lane) => heads.get(lane) ?? { epoch, lane, sequence: 0, hash: noHash };
  return {
    records,
    head,
    add(type, data, { lane, ms = records.length, subject = edge, exercise = false } = {}) {
      const own = lane ?? laneOf[type as Fact["type"]] ?? "state";
      const draft = { type, lane: own, subject, data: data as JournalRecord["data"], now: at(ms), exercise };
      const place = {
        head: head(own),
        order: records.length + 1,
        salt: randomBytes(16).toString("hex"),
        durable: true,
      };
      const made = makeRecord({ site, edge }, draft, place);
      heads.set(own, made.head);
      records.push(made.record);
      return made.record;
    },
  };
}

/** Rows as the ledger would give them for the records of one box, or of the hub with an empty site. */
export function rowsOf(site: string, edge: string, records: readonly JournalRecord[], from = 1): LedgerRow[] {
  return records.map((record, index) => ({
    sequence: from + index,
    storedAt: new Date(noon + 5000).toISOString(),
    site,
    edge,
    hash: `hash-${from + index}`,
    record,
  }));
}

const named = (zh: string, en: string) => ({ zh, en });

export const inventory: Inventory = {
  edge: named("门卫室主机", "Gatehouse box"),
  areas: [
    { id: "fence", name: named("周界", "Fence line"), kind: "perimeter", armedAtStart: true },
    { id: "gate", name: named("大门", "Main gate"), kind: "entrance", armedAtStart: false },
  ],
  zones: [
    {
      id: "north",
      name: named("北侧围栏", "North fence"),
      area: "fence",
      camera: "cam-1",
      position: { plan: "site", x: 0.25, y: 0.1 },
      kind: "vibration-fibre",
      subsystem: "perimeter",
      supervised: true,
    },
    {
      id: "panic",
      name: named("紧急按钮", "Panic button"),
      area: "gate",
      kind: "panic-button",
      subsystem: "intrusion-and-hold-up",
      supervised: false,
    },
  ],
  barriers: [
    { id: "b1", name: named("升降柱1", "Bollard 1"), area: "gate", kind: "rising-bollard", entrance: "main" },
    { id: "b2", name: named("升降柱2", "Bollard 2"), area: "gate", kind: "rising-bollard", entrance: "main" },
  ],
  groups: [{ id: "main", name: named("主入口", "Main entrance"), barriers: ["b1", "b2"], staggerMs: 500 }],
  annunciators: [{ id: "siren", name: named("警号", "Siren") }],
  fixtures: [],
  channels: [{ id: "radio", name: named("对讲机", "Radio"), kind: "output", point: "radio-key", payload: "on" }],
  duties: [
    {
      id: "patrol",
      name: named("设备巡检", "Equipment round"),
      kind: "inspection",
      everyMs: 7_200_000,
      everyRaisedMs: 3_600_000,
      graceMs: 900_000,
    },
  ],
  deviations: [],
};

/** The facts of a cut fence that sounds a siren in time. */
export function breachData(incident: string, ms: number, priority = 1) {
  return {
    alarm: { key: `${incident}/north/breach`, priority },
    zone: "north",
    area: "fence",
    cause: "fibre-cut",
    incident,
    kind: "intrusion",
    detection: {
      zone: "north",
      kind: "breach",
      cause: "fibre-cut",
      firstActivityAt: at(ms - 800),
      occurredAt: at(ms),
      detectedAt: at(ms + 20),
    },
  };
}

export function openedData(incident: string, ms: number) {
  const opened = { id: incident, kind: "intrusion", place: "fence", openedAt: at(ms), zones: ["north"] };
  return { incident: { ...opened, acknowledgedBy: null, exercise: false } };
}

export function stepData(incident: string, ms: number) {
  const step = {
    id: `${incident}/perimeter/sound`,
    incident,
    response: "perimeter",
    step: "sound",
    action: { kind: "announce", annunciator: "siren" },
    fallback: null,
    firstActivityAt: at(ms - 800),
    occurredAt: at(ms),
    detectedAt: at(ms + 20),
    decidedAt: at(ms + 21),
    commandedAt: null,
    confirmedAt: null,
    deadlineAt: at(ms + 5000),
    outcome: "open",
    reason: null,
    latenessMs: null,
    fallbackAt: null,
    resumed: null,
  };
  return { step };
}

export interface BoxTls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface BoxConnection {
  readonly client: MqttClient;
  readonly heads: Map<string, number>;
  readonly commands: { id: string; session: string; act: { kind: string }; issuers: string[]; roles: string[] }[];
  send(lane: Lane, records: readonly JournalRecord[]): void;
  answer(id: string, ok: boolean, code?: string, obstacles?: readonly Obstacle[]): void;
  end(): Promise<void>;
}

/** Connects as a box does: last will, retained status with a nonce, own acknowledgements and commands. */
export async function connectBox(port: number, tls: BoxTls, site: string, edge: string): Promise<BoxConnection> {
  const root = `portcullis/v1/${site}/${edge}`;
  const client = await mqtt.connectAsync(`mqtts://127.0.0.1:${port}`, {
    ...tls,
    clientId: `${site}.${edge}`,
    protocolVersion: 4,
    clean: true,
    reconnectPeriod: 100,
    will: { topic: `${root}/status`, payload: Buffer.from(JSON.stringify({ online: false })), retain: true, qos: 0 },
  });
  const heads = new Map<string, number>();
  const commands: BoxConnection["commands"] = [];
  client.on("message", (topic, payload) => {
    const message = JSON.parse(payload.toString("utf8"));
    if (topic.endsWith("/command")) commands.push(message);
    else for (const head of message.heads) heads.set(`${head.epoch}/${head.lane}`, head.sequence);
  });
  const greet = async () => {
    await client.subscribeAsync([`${root}/ack`, `${root}/command`]);
    client.publish(`${root}/status`, JSON.stringify({ online: true, epoch: "epoch-1", session: "nonce-1" }), {
      retain: true,
    });
  };
  // A client that reconnects while it is being ended greets nobody any more.
  client.on("connect", () => {
    greet().catch((error) => {
      if (!client.disconnecting) client.emit("error", error);
    });
  });
  await greet();
  return {
    client,
    heads,
    commands,
    send: (lane, records) => void client.publish(`${root}/${lane}`, JSON.stringify({ records })),
    answer: (id, ok, code = "", obstacles = []) =>
      void client.publish(`${root}/result`, JSON.stringify({ id, ok, code, obstacles })),
    end: () => client.endAsync(),
  };
}
