// The box's HTTP in a thread of its own: what is hashed, encrypted or rendered here costs the controller nothing.
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { isLoopback } from "../../config/rules/exposure.js";
import { createClock, monoNow } from "../machine/clock.js";
import { createRandom } from "../machine/random.js";
import { createTimer } from "../machine/timer.js";
import type { ErrorCode } from "../model/error.js";
import type { Fact } from "../model/fact.js";
import type { HttpConfig } from "../model/site.js";
import { buildApp, type PemPair } from "./app.js";
import type { Desk } from "./desk.js";
import { createInquiry } from "./inquiry.js";
import { copyInventory } from "./inventory/copy.js";
import { watchDue } from "./inventory/watch.js";
import { createLive } from "./live.js";
import { changesSince, readSeen, seenOf, writeSeen } from "./people/changes.js";
import { createDevices } from "./people/devices.js";
import { createLogin } from "./people/login.js";
import { type Person, watchPeople } from "./people/people.js";
import { createSessions } from "./people/sessions.js";
import type { FromServer, ServerData, ToServer } from "./server.js";
import type { BoxStatus } from "./status.js";

const { http, dataDir, keyFile } = workerData as ServerData;
const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
let status: BoxStatus | null = null;
let heardAt = Number.NEGATIVE_INFINITY;

const post = (message: FromServer) => parentPort?.postMessage(message);
const tell = (code: ErrorCode, detail: string) => post({ kind: "trouble", code, detail });
const trouble = (detail: string) => tell("api.internal", detail);
const inquiry = createInquiry(machine, (id, question) => post({ kind: "question", id, question }));
const live = createLive({ ...machine, inquiry, present: () => status });
const people = watchPeople(dataDir, trouble);

async function record(...facts: readonly Fact[]): Promise<boolean> {
  const reply = await inquiry.ask({ kind: "record", facts });
  if (!reply.ok) trouble(`${reply.code}: ${facts.map(({ type }) => type).join()} not recorded`);
  return reply.ok;
}

const desk: Desk = {
  ...machine,
  isLoopback: isLoopback(http.host),
  names: [http.host.toLowerCase()],
  dataDir,
  keyFile,
  inquiry,
  live,
  people: people.present,
  login: createLogin({
    ...machine,
    people: people.present,
    record: (each) => void record(each),
    // Not waited for, so that no time gives it away.
    underDuress: (duressBy) => void inquiry.ask({ kind: "record", facts: [], duressBy }),
  }),
  sessions: createSessions(machine, people.present),
  devices: createDevices({ ...machine, keyFile }, people.present),
  status: () => status,
  statusAgeMs: () => monoNow() - heardAt,
  record: (...facts) => void record(...facts),
};

const lookAtDue = watchDue(desk, trouble);
const tellInventory = copyInventory(desk, trouble);

let isTelling = false;
let told: readonly Person[] | null = null;
/** Changes of people are remembered as told only when they are durable. */
async function tellChanges(): Promise<void> {
  const present = people.present();
  if (present === told || isTelling) return;
  isTelling = true;
  try {
    const facts = changesSince(readSeen(dataDir), present);
    const done = facts.length === 0 || (await record(...facts));
    if (done && facts.length > 0) writeSeen(dataDir, seenOf(present));
    if (done) told = present;
  } catch (error) {
    trouble(String(error));
  } finally {
    isTelling = false;
  }
}

parentPort?.on("message", (message: ToServer) => {
  if (message.kind === "reply") return inquiry.replied(message.id, message.reply);
  status = message.status;
  heardAt = monoNow();
  live.status(message.status);
  void tellChanges();
  void lookAtDue();
  void tellInventory();
});

/** Under which the box's own certificate is made out. */
function hostsOf({ host }: HttpConfig): readonly string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host];
  return Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).map(({ address }) => address.split("%")[0] ?? ""),
  );
}

async function pairOf({ tls }: HttpConfig): Promise<PemPair | undefined> {
  if (tls === undefined) return undefined;
  if (tls.cert !== undefined && tls.key !== undefined) {
    const read = (path: string) => readFileSync(resolve(dataDir, path), "utf8");
    return { cert: read(tls.cert), key: read(tls.key) };
  }
  const { ensurePagePki } = await import("../../config/field-pki.js");
  const made = await ensurePagePki(join(dataDir, "http-pki"), { hosts: hostsOf(http), now: machine.clock.now().wall });
  return { cert: made.certificate, key: made.key };
}

const app = buildApp(desk, await pairOf(http), tell);
post({ kind: "listening", address: await app.listen({ host: http.host, port: http.port }) });
