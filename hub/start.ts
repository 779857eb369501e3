// Wires the hub: ledger, what reads along in it, people, broker process, intake, commands, control rooms' feed and console.
import { mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import type { HubConfig } from "../config/hub.js";
import { createClock } from "../edge/machine/clock.js";
import type { Clock } from "../edge/machine/ports.js";
import type { Text } from "../edge/model/text.js";
import { titleOf } from "./alarm/title.js";
import { createMetrics, type Metrics } from "./console/metrics.js";
import type { Projections } from "./console/projections.js";
import { buildServer } from "./console/server.js";
import { createStream, type Stream } from "./console/stream.js";
import type { SourceName } from "./control-room/opcua/messages.js";
import { sourceOf } from "./control-room/opcua/picture.js";
import { openOutlets } from "./control-room/outlets.js";
import { createOutletWatch } from "./control-room/watch.js";
import { startFeed } from "./control-room/zeromq/feed.js";
import { type Desk, limitsOf, openDesk } from "./desk.js";
import { type OnClose, openEntrance, openRoomsBroker, readTls } from "./entrance.js";
import { openBook } from "./ledger/book.js";
import type { Book, Ledger, LedgerRow } from "./ledger/ledger.js";
import { openLedger } from "./ledger/sqlite.js";
import { renewOwnKeys } from "./own-keys.js";
import { createLogin } from "./people/login.js";
import { openPeople, type People } from "./people/people.js";
import { type Reading, readLedger } from "./reading.js";
import { startRetention } from "./retention.js";
import { every } from "./upkeep.js";

export interface HubOptions {
  /** Port 0 anywhere takes a free one. */
  readonly config: HubConfig;
  /** Holds `ledger.sqlite`. */
  readonly dataDir: string;
  /** Holds `ca.pem`, `hub.pem/.key`, `intake.pem/.key`. */
  readonly pkiDir: string;
  /** The feed's CURVE keys in Z85; `allowed` besides those of the configuration. */
  readonly curve: { readonly publicKey: string; readonly secretKey: string; readonly allowed: readonly string[] };
  readonly log: Logger;
}

export interface RunningHub {
  /** Lets the first person in; null when somebody has set a password already. */
  readonly oneTimeCode: string | null;
  readonly issueToken: People["issueToken"];
  readonly ports: {
    readonly http: number;
    /** 0 where boxes meet the hub at an existing broker. */
    readonly broker: number;
    readonly publish: number;
    readonly request: number;
    /** Control rooms over MQTT; null where none are asked for. */
    readonly rooms: number | null;
  };
  /** Process id of the broker, while there is one. */
  readonly brokerPid: () => number | undefined;
  /** What keeps it from its work, as /healthz says it; empty when nothing does. Rejects when the ledger cannot be read. */
  readonly look: () => Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How often the reach of control rooms is looked at. */
const outletsEveryMs = 1000;

/** Resolves when everything listens; ready (`/healthz`) as soon as intake has reached the broker. Rejects with the first fault. */
export async function startHub(options: HubOptions): Promise<RunningHub> {
  const closers: Parameters<OnClose>[0][] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open(options, (closer) => closers.push(closer))), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What stands once the ledger has been read. */
interface Core {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly reading: Reading;
  readonly stream: Stream;
  readonly book: Book;
  readonly metrics: Metrics;
  /** Those who want each new row, besides the console. */
  readonly listeners: ((row: LedgerRow) => void)[];
}

async function open(options: HubOptions, onClose: OnClose): Promise<Omit<RunningHub, "close">> {
  const { config, log } = options;
  const health: (() => string | null)[] = [];
  const reasons = () => health.map((check) => check()).filter((reason) => reason !== null);
  await renewOwnKeys(options.pkiDir, createClock().now().wall, (detail) => log.error(detail));
  const core = await openCore(options, () => reasons().length === 0, onClose);
  const people = await openPeople(core.ledger, core.clock);
  const entrance = await openEntrance({ ...options, ...core }, onClose);
  const { certificates, link } = entrance;
  const desk = openDesk({ ...core, config, log, people, link, certificates }, onClose);
  const { intake } = desk;
  health.push(
    entrance.health,
    () => (intake.isConnected() ? null : entrance.broker === "own" ? "intake-disconnected" : "existing-broker-away"),
    () => (intake.isStoring() ? null : "ledger-refuses"),
  );
  const feed = await openFeed(options, core, onClose);
  const { outlets, roomsPort } = await openControlRooms(options, core, { ...desk, people }, onClose);
  onClose(startRetention({ ...core, days: config.retentionDays, log }));
  const http = { tls: readHttpTls(options), behindProxy: config.http.proxy === true };
  const app = await buildServer(
    { ...core, ...core.reading, ...desk, certificates, broker: entrance.broker, outlets, log, people, reasons },
    http,
  );
  onClose(() => app.close());
  await app.listen({ host: config.http.host, port: config.http.port });
  const address = app.server.address();
  return {
    oneTimeCode: people.oneTimeCode,
    issueToken: people.issueToken,
    ports: {
      http: typeof address === "object" ? (address?.port ?? 0) : 0,
      broker: entrance.port,
      publish: feed.publishPort,
      request: feed.requestPort,
      rooms: roomsPort,
    },
    brokerPid: entrance.pid,
    look: async () => {
      await core.ledger.aside(1);
      return reasons();
    },
  };
}

async function openCore({ dataDir, log }: HubOptions, ready: () => boolean, onClose: OnClose): Promise<Core> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const clock = createClock();
  const ledger = openLedger(join(dataDir, "ledger.sqlite"));
  onClose(() => ledger.close());
  const reading = await readLedger(ledger, log);
  // Greater than any id of an earlier run, unless that sent more than a thousand events per ms.
  const stream = createStream(reading.present, Math.floor(clock.now().wall) * 1000);
  onClose(stream.close);
  const listeners: ((row: LedgerRow) => void)[] = [];
  const stored = (rows: readonly LedgerRow[]) => {
    for (const row of rows) {
      stream.publish(reading.apply(row));
      for (const listener of listeners) listener(row);
    }
  };
  const book = await openBook({ ledger, clock, stored });
  const metrics = createMetrics({
    activeAlarms: () => reading.alarms.activeSequences().length,
    boxesOnline: () => reading.projections.edges().filter(({ online }) => online).length,
    streamReaders: stream.readers,
    operatorsPresent: stream.operators,
    alarms: () => reading.measures.read(reading.alarms.open(), stream.operators(), clock.now().wall),
    ready,
  });
  return { clock, ledger, reading, stream, book, metrics, listeners };
}

async function openFeed({ config, curve, log }: HubOptions, core: Core, onClose: OnClose) {
  const { ledger, reading, listeners, clock } = core;
  const allowed = [...curve.allowed, ...config.controlRooms.map(({ curvePublicKey }) => curvePublicKey)];
  const feed = await startFeed({
    ...config.zeromq,
    keys: { ...curve, allowed },
    ledger,
    activeSequences: reading.alarms.activeSequences,
    alarmOf: reading.alarmOf,
    sequence: reading.alarmSequence,
    clock,
    trouble: (detail) => log.warn(detail),
  });
  listeners.push(feed.publish);
  onClose(feed.close);
  return feed;
}

/** Outlets other than ZeroMQ, and the control rooms' own broker where one is asked for. */
async function openControlRooms(
  options: HubOptions,
  core: Core,
  { acts, people }: Pick<Desk, "acts"> & { readonly people: People },
  onClose: OnClose,
) {
  const { config, dataDir, log } = options;
  const { reading, book, clock, ledger } = core;
  const { projections, alarmOf, feed } = reading;
  const rooms = config.outlets?.mqtt && (await openRoomsBroker({ ...options, ...core }, config.outlets.mqtt, onClose));
  const outlets = openOutlets({
    config: config.outlets ?? {},
    boxes: config.sites.flatMap(({ edges }) => edges).length,
    dataDir,
    ledger,
    feed,
    acts,
    newest: reading.sequence(),
    alarmOf,
    titleOf: ({ record, site, edge }) =>
      titleOf(record, { inventory: projections.inventoryOf(site, edge), edge, task: undefined }).en,
    clock,
    roomsLink: rooms?.link,
    sources: (of) => sourcesOf(projections, of),
    login: createLogin({ people, book, clock }, "opcua"),
    roleOf: async (user) => (await people.users()).find((known) => known.user === user && !known.disabled)?.role,
    shelveMsMax: limitsOf(config).shelveMsMax,
    trouble: (detail) => log.warn(detail),
  });
  core.listeners.push(outlets.wake);
  core.metrics.watchOutlets(outlets.health);
  const look = createOutletWatch(reading.stands);
  const watch = async () => {
    const facts = look(outlets.health(), clock.mono());
    if (facts.length > 0) await book.act(...facts);
  };
  onClose(outlets.close);
  onClose(every(outletsEveryMs, watch, log));
  return { outlets, roomsPort: rooms?.port ?? null };
}

/** Every zone and barrier may have a condition before it has an alarm; of one box, or of all. */
function sourcesOf(
  { edges, inventoryOf }: Pick<Projections, "edges" | "inventoryOf">,
  of?: { readonly site: string; readonly edge: string },
): readonly SourceName[] {
  return (of === undefined ? edges() : [of]).flatMap(({ site, edge }) => {
    const named =
      (kind: string) =>
      ({ id, name }: { readonly id: string; readonly name: Text }) => {
        const source = sourceOf({ site, edge, origin: `${kind}:${id}` });
        return { source, site, edge, id, title: `${name.zh} ${name.en}` };
      };
    const { zones = [], barriers = [] } = inventoryOf(site, edge) ?? {};
    return [...zones.map(named("zone")), ...barriers.map(named("barrier"))];
  });
}

/** Paths are taken from the data folder; without any the hub shows the certificate that boxes know. */
function readHttpTls({ dataDir, pkiDir, config }: HubOptions): { cert: string; key: string } | undefined {
  const { tls } = config.http;
  if (tls === undefined) return undefined;
  if (tls.cert === undefined || tls.key === undefined) {
    const { ca, cert, key } = readTls(pkiDir, "hub");
    // With the authority's certificate, so that a box that knows its fingerprint only can check the chain.
    return { cert: `${cert}${ca}`, key };
  }
  const read = (file: string) => readFileSync(resolve(dataDir, file), "utf8");
  return { cert: read(tls.cert), key: read(tls.key) };
}
