// Opens every outlet that the configuration names, each with its own place, retries and health; one that fails harms no other.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { OutletsConfig } from "../../config/hub-outlets.js";
import type { Clock } from "../../edge/machine/ports.js";
import type { Role } from "../../edge/model/command.js";
import type { AlarmActs, AlarmFeed } from "../alarm/acts.js";
import type { AlarmRecord } from "../alarm/record.js";
import type { Ledger, LedgerRow } from "../ledger/ledger.js";
import { describer } from "./dc09/describe.js";
import { startDc09 } from "./dc09/outlet.js";
import { startMqttOutlet } from "./mqtt/outlet.js";
import type { SourceName } from "./opcua/messages.js";
import { type OpcuaOutlet, startOpcuaOutlet } from "./opcua/outlet.js";
import { createRows, type Rows } from "./rows.js";
import { openSecrets, type Secrets } from "./secrets.js";
import { startWebhook, type Webhook } from "./webhook/outlet.js";

export interface OutletsOptions {
  readonly config: OutletsConfig;
  readonly dataDir: string;
  readonly ledger: Pick<Ledger, "records">;
  readonly feed: AlarmFeed;
  readonly acts: AlarmActs;
  /** How many boxes the hub's file names. */
  readonly boxes: number;
  /** Ledger sequence of the newest row at the start. */
  readonly newest: number;
  readonly alarmOf: (row: LedgerRow) => AlarmRecord | undefined;
  /** The English title of a row that is no alarm. */
  readonly titleOf: (row: LedgerRow) => string;
  readonly clock: Clock;
  /** The hub's way to the control rooms' broker; undefined without one. */
  readonly roomsLink: { readonly url: string; readonly clientId: string; readonly tls: Tls } | undefined;
  /** What has an OPC UA condition, as the boxes list it now. */
  readonly sources: (of?: { readonly site: string; readonly edge: string }) => readonly SourceName[];
  readonly login: (user: string, password: string) => Promise<boolean>;
  readonly roleOf: (user: string) => Promise<Role | undefined>;
  readonly shelveMsMax: number;
  readonly trouble: (detail: string) => void;
}
interface Tls {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export interface OutletHealth {
  readonly name: string;
  readonly kind: "dc09" | "webhook" | "mqtt" | "opcua";
  /** Null: not known yet. */
  readonly reachable: boolean | null;
  /** The hub's number of the last change that the other side has. */
  readonly after: number;
  /** Events since the start. */
  readonly told: number;
  readonly refused: number;
  /** Messages that wait for a person. */
  readonly aside: number;
}

export interface Outlets {
  /** A new row is stored. Never waits. */
  wake(row: LedgerRow): void;
  health(): readonly OutletHealth[];
  webhook(name: string): Webhook | undefined;
  close(): Promise<void>;
}

interface Opened {
  health(): OutletHealth;
  close(): Promise<void>;
}

const answerSecondsDefault = 10;
const triesDefault = 3;
const giveUpHoursDefault = 72;

/** An outlet that cannot be opened is told as trouble and as unreachable; the others go on. */
export function openOutlets(options: OutletsOptions): Outlets {
  const folder = join(options.dataDir, "outlets");
  const rows = createRows(options.ledger);
  const around = { options, folder, rows, secrets: openSecrets(folder) };
  const hooks = new Map<string, Webhook>();
  const conditions = openConditions(options);
  const { dc09 = [], webhooks = [] } = options.config;
  const opened: readonly Opened[] = [
    ...dc09.map((config) => guarded(config.name, "dc09", options, () => openDc09(config, around))),
    ...webhooks.map((config) =>
      guarded(config.name, "webhook", options, () => {
        const hook = openWebhook(config, around);
        hooks.set(config.name, hook);
        return { health: () => ({ name: hook.name, kind: "webhook", ...hook.health() }), close: hook.close };
      }),
    ),
    ...openRooms(options),
    ...(conditions === null ? [] : [conditionsOpened(conditions)]),
  ];
  return {
    wake(row) {
      rows.wake();
      if (row.record.type === "config.applied") conditions?.sourcesChanged(row);
    },
    health: () => opened.map(({ health }) => health()),
    webhook: (name) => hooks.get(name),
    async close() {
      await Promise.all(opened.map((outlet) => outlet.close()));
    },
  };
}

function guarded(name: string, kind: OutletHealth["kind"], { trouble }: OutletsOptions, open: () => Opened): Opened {
  try {
    return open();
  } catch (error) {
    trouble(`control room ${name} cannot be served: ${error instanceof Error ? error.message : String(error)}`);
    const health = { name, kind, reachable: false, after: 0, told: 0, refused: 0, aside: 0 };
    return { health: () => health, close: async () => undefined };
  }
}

interface Around {
  readonly options: OutletsOptions;
  readonly folder: string;
  readonly rows: Rows;
  readonly secrets: Secrets;
}

function noticed(name: string, { trouble }: OutletsOptions) {
  return (up: boolean, detail: string) => trouble(`control room ${name} ${up ? "is there" : `is away: ${detail}`}`);
}

type Dc09Config = NonNullable<OutletsConfig["dc09"]>[number];

function openDc09(config: Dc09Config, { options, folder, secrets, rows }: Around): Opened {
  const { name, host, port, transport, format, account, receiver = "", line = "0" } = config;
  const { answerSeconds = answerSecondsDefault, tries = triesDefault, supervisionSeconds } = config;
  const outlet = startDc09({
    ...options,
    name,
    folder,
    rows,
    target: { transport, host, port },
    format,
    address: { account, receiver, line },
    key: config.encrypted ? secrets.aesKey(name) : null,
    timing: { answerMs: answerSeconds * 1000, triesMax: tries, supervisionMs: supervisionSeconds * 1000 },
    describe: describer(options),
    reachable: noticed(name, options),
  });
  return { health: () => ({ name, kind: "dc09", aside: 0, ...outlet.health() }), close: outlet.close };
}

type WebhookConfig = NonNullable<OutletsConfig["webhooks"]>[number];

function openWebhook(config: WebhookConfig, { options, folder, secrets }: Around): Webhook {
  const { name, url, ca, answerSeconds = answerSecondsDefault, giveUpHours = giveUpHoursDefault } = config;
  return startWebhook({
    ...options,
    name,
    folder,
    url,
    secret: secrets.signing(name),
    ca: ca === undefined ? undefined : readFileSync(resolve(options.dataDir, ca), "utf8"),
    answerMs: answerSeconds * 1000,
    giveUpMs: giveUpHours * 3_600_000,
    newest: options.feed.head(),
    reachable: noticed(name, options),
  });
}

function openRooms(options: OutletsOptions): readonly Opened[] {
  const { roomsLink: link, feed, acts, trouble, config } = options;
  if (link === undefined) return [];
  const roles = new Map((config.mqtt?.rooms ?? []).map(({ name, role }) => [name, role]));
  const outlet = startMqttOutlet({ link, feed, acts, roleOf: (room) => roles.get(room), trouble });
  const counts = { told: 0, refused: 0, aside: 0 };
  return [{ health: () => ({ name: "mqtt", kind: "mqtt", ...counts, ...outlet.health() }), close: outlet.close }];
}

function openConditions(options: OutletsOptions): OpcuaOutlet | null {
  const { config, dataDir, shelveMsMax: maxShelveMs } = options;
  if (config.opcua === undefined) return null;
  // Beside the folders of a box's drivers, so that the same command lists and trusts.
  const pkiDir = join(dataDir, "opcua", "alarms");
  return startOpcuaOutlet({ ...options, settings: { ...config.opcua, pkiDir, maxShelveMs } });
}

function conditionsOpened(outlet: OpcuaOutlet): Opened {
  const counts = { told: 0, refused: 0, aside: 0 };
  return { health: () => ({ name: "opcua", kind: "opcua", ...counts, ...outlet.health() }), close: outlet.close };
}
