// Where boxes come in: our own broker in a process of its own, or one that is there already; and whose certificates count.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Logger } from "pino";
import { intakeName } from "../config/certificate-names.js";
import type { HubConfig } from "../config/hub.js";
import type { Clock } from "../edge/machine/ports.js";
import { createRandom } from "../edge/machine/random.js";
import { modeOpenToOthers } from "../edge/machine/whole-file.js";
import { PortcullisError } from "../edge/model/error.js";
import { everybody } from "./broker/admission.js";
import { BoxCertificates } from "./broker/certificates.js";
import { type BrokerSettings, type BrokerSupervisor, type FromBroker, superviseBroker } from "./broker/supervisor.js";
import type { Metrics } from "./console/metrics.js";
import type { IntakeOptions } from "./intake/intake.js";
import type { Book } from "./ledger/ledger.js";

export interface EntranceOptions {
  readonly config: HubConfig;
  readonly dataDir: string;
  readonly pkiDir: string;
  readonly log: Logger;
  readonly clock: Clock;
  readonly book: Book;
  readonly metrics: Metrics;
}

export interface Entrance {
  readonly certificates: BoxCertificates;
  /** How the hub's intake gets there. */
  readonly link: Pick<IntakeOptions, "url" | "tls" | "login" | "clientId">;
  /** 0 where boxes meet the hub elsewhere. */
  readonly port: number;
  readonly pid: () => number | undefined;
  /** Whose broker it is. */
  readonly broker: "own" | "existing";
  /** What is wrong with it; null when nothing is. */
  health(): string | null;
}

/** Takes what is to be done when the hub ends; the last one first. */
export type OnClose = (closer: () => Promise<void> | void) => void;

/** How often the key folder is looked at for what the command line has revoked. */
const lookEveryMs = 500;

export async function openEntrance(options: EntranceOptions, onClose: OnClose): Promise<Entrance> {
  const { config, pkiDir, log, clock, book } = options;
  const names = config.sites.flatMap(({ site, edges }) => edges.map((edge) => `${site}.${edge}`));
  let broker: BrokerSupervisor | null = null;
  const certificates = new BoxCertificates({
    pkiDir,
    isListed: (name) => names.includes(name),
    clock,
    random: createRandom(),
    act: (...facts) => book.act(...facts),
    changed: (admission) => broker?.admit(admission),
    trouble: (detail) => log.error(detail),
  });
  const looking = setInterval(() => certificates.look(), lookEveryMs);
  onClose(() => clearInterval(looking));
  if (config.existingBroker !== undefined) {
    const link = existingLink(options, config.existingBroker);
    return { certificates, link, port: 0, pid: () => undefined, broker: "existing", health: () => null };
  }
  const settings = { ...config.broker, audience: "boxes" as const, names, admission: certificates.admission() };
  const own = await openBroker(options, settings, onClose, (message) => follow(certificates, message));
  broker = own;
  // What changed while it started.
  own.admit(certificates.admission());
  return {
    certificates,
    link: ownLink(pkiDir, config.broker.host, own.port),
    port: own.port,
    pid: own.pid,
    broker: "own",
    health: () => (own.isUp() ? null : "broker-down"),
  };
}

function follow(certificates: BoxCertificates, message: FromBroker | null): void {
  if (message === null) certificates.disconnected(null);
  else if (message.kind === "disconnected") certificates.disconnected(message.client);
  else if (message.kind === "connected" && message.serial !== null && message.client !== intakeName)
    certificates.connected(message.client, message.serial);
}

/** A broker for control rooms; anybody of our authority whom its configuration names. */
export async function openRoomsBroker(
  options: EntranceOptions,
  { host, port, rooms }: NonNullable<NonNullable<HubConfig["outlets"]>["mqtt"]>,
  onClose: OnClose,
) {
  const names = rooms.map(({ name }) => name);
  const settings = { host, port, audience: "control-rooms" as const, names, admission: everybody };
  const broker = await openBroker(options, settings, onClose, () => undefined);
  return { port: broker.port, link: ownLink(options.pkiDir, host, broker.port) };
}

type Listening = Pick<BrokerSettings, "host" | "port" | "audience" | "names" | "admission">;

/** `heard`: null when the process has ended. */
async function openBroker(
  { config: { broker: limits }, pkiDir, log, metrics }: EntranceOptions,
  listening: Listening,
  onClose: OnClose,
  heard: (message: FromBroker | null) => void,
): Promise<BrokerSupervisor> {
  const { connectionsMax, packetBytesMax } = limits;
  const tls = { ...readTls(pkiDir, "hub"), requestCert: true };
  const broker = await superviseBroker(
    { connectionsMax, packetBytesMax, ...listening, tls },
    {
      event(message) {
        if (message.kind === "refused") metrics.refused(message.code, message.count);
        log.info(message, "broker");
        heard(message);
      },
      died(detail) {
        metrics.brokerRestarted();
        log.error(detail);
        heard(null);
      },
    },
  );
  onClose(() => broker.close());
  return broker;
}

function ownLink(pkiDir: string, host: string, port: number) {
  // An address that listens everywhere is reached on loopback.
  const at = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return { url: `mqtts://${at}:${port}`, tls: readTls(pkiDir, "intake"), clientId: intakeName };
}

function existingLink(
  { dataDir, pkiDir }: EntranceOptions,
  { url, user, ca }: NonNullable<HubConfig["existingBroker"]>,
): Entrance["link"] {
  const authority = (path: string) => ({ ca: readFileSync(path, "utf8") });
  const trusted = url.startsWith("mqtts:")
    ? authority(ca === undefined ? join(pkiDir, "ca.pem") : resolve(dataDir, ca))
    : {};
  const common = { url, clientId: intakeName };
  if (user === undefined) return { ...common, tls: { ...readTls(pkiDir, "intake"), ...trusted } };
  const login = { username: user, password: readPassword(join(dataDir, "existing-broker.json")) };
  return { ...common, tls: trusted, login };
}

/** `{"password": "..."}`, readable by the service alone. @throws PortcullisError `outlet.secret-unusable`. */
function readPassword(path: string): string {
  const refuse = (detail: string) => new PortcullisError({ code: "outlet.secret-unusable", place: path, detail });
  try {
    if (modeOpenToOthers(path) !== null) throw refuse("others can read it: chmod 600");
    const { password } = JSON.parse(readFileSync(path, "utf8")) as { readonly password?: unknown };
    if (typeof password === "string" && password !== "") return password;
  } catch (error) {
    if (error instanceof PortcullisError) throw error;
    throw refuse(String((error as NodeJS.ErrnoException).code ?? "it is no JSON"));
  }
  throw refuse("it holds no password");
}

export function readTls(folder: string, name: string): { ca: string; cert: string; key: string } {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  return { ca: read("ca.pem"), cert: read(`${name}.pem`), key: read(`${name}.key`) };
}
