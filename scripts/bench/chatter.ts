// What a day of a bad site leaves behind in a box's drivers: contacts that flap once a second, lines that are lost every ten
// minutes, as fast as the peers can. The drivers run on this thread, so that what they keep can be counted.
// node scripts/build.mjs && node .build/scripts/bench/chatter.js [--hours 24]; exit 0 only when nothing grew by more than 5 %.
import { type ChildProcess, fork } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { queryObjects, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createFirmataDriver } from "../../edge/field/firmata/driver.js";
import { admitByPassword } from "../../edge/field/mqtt/admission.js";
import { createBoxBus } from "../../edge/field/mqtt/box-bus.js";
import { createMqttSession } from "../../edge/field/mqtt/session.js";
import { topicsOf } from "../../edge/field/mqtt/topics.js";
import { createOpcuaSession } from "../../edge/field/opcua/session.js";
import { builtFile } from "../../edge/machine/built.js";
import { createClock } from "../../edge/machine/clock.js";
import { createRandom } from "../../edge/machine/random.js";
import { createTimer } from "../../edge/machine/timer.js";
import type { Driver } from "../../edge/model/driver.js";
import { freePort } from "../../test/support/free-port.js";
import { type Peer, peers } from "../../test/support/plug-site.js";
import { until } from "../../test/support/until.js";
import { wholeNumber } from "../whole-number.js";
import {
  boardConfig,
  brokerAt,
  busConfig,
  contactsOf,
  type FromField,
  plcConfig,
  type ToField,
} from "./chatter-site.js";

const eventsPerHour = 3_600;
const lossesPerHour = 6;
/** Before anything is counted: caches, pools and compiled code have their size. */
const warmUpHours = 4;
const growthMax = 0.05;
const backWithinMs = 60_000;
const quietMs = 3_000;
/** Before it is counted: longer than any time-out of a connection that has just come to be. */
const settleMs = 35_000;
const upMs = 200;

const { values } = parseArgs({ options: { hours: { type: "string", default: "24" } } });
const hours = wholeNumber("hours", values.hours);
const machine = { clock: createClock(), timer: createTimer() };
setFlagsFromString("--expose-gc");
const collect: () => void = runInNewContext("gc");

interface Ear {
  readonly driver: Driver;
  events: number;
  /** How often a contact was lost. */
  losses: number;
  /** Contacts that are not good at present. */
  readonly lost: Set<string>;
}

async function listenTo(peer: Peer, driver: Driver): Promise<Ear> {
  const ear: Ear = { driver, events: 0, losses: 0, lost: new Set(contactsOf[peer]) };
  await driver.open({
    sample({ point, quality }) {
      if (quality !== "good") {
        ear.losses += 1;
        ear.lost.add(point);
      } else {
        ear.events += 1;
        ear.lost.delete(point);
      }
    },
    link: () => undefined,
    result: () => undefined,
    trouble: () => undefined,
  });
  return ear;
}

interface Site {
  readonly ears: Readonly<Record<Peer, Ear>>;
  tell(message: ToField): void;
  close(): Promise<void>;
}

async function startSite(): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-chatter-"));
  const broker = await freePort();
  const config = busConfig(broker);
  const admission = await admitByPassword(folder, contactsOf.bus, createRandom());
  const bus = createBoxBus(brokerAt(broker), topicsOf(config), admission, machine);
  const field: ChildProcess = fork(fileURLToPath(builtFile("scripts/bench/chatter-field.ts")), [
    `${broker}`,
    join(folder, "field-credentials.json"),
  ]);
  const [ports] = (await once(field, "message")) as [FromField];
  const wall = () => ({ ms: Date.now(), isSet: true });
  const access = { pkiDir: join(folder, "opcua"), env: {}, wall };
  const ears = {
    bus: await listenTo("bus", createMqttSession(config, bus, machine)),
    board: await listenTo("board", createFirmataDriver(boardConfig(ports.board), machine)),
    plc: await listenTo("plc", createOpcuaSession(plcConfig(ports.plc), access, machine)),
  };
  return {
    ears,
    tell: (message) => void field.send(message),
    async close() {
      await Promise.all(Object.values(ears).map(({ driver }) => driver.close()));
      field.disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isGood = ({ lost }: Ear) => lost.size === 0;

/** So many losses of one driver's line, and on until it has heard so many events. */
async function runDriver({ ears, tell }: Site, peer: Peer, losses: number, events: number): Promise<void> {
  const ear = ears[peer];
  const end = ear.events + events;
  for (let loss = 0; loss < losses; loss += 1) {
    await until(`${peer} is good`, async () => isGood(ear), backWithinMs);
    await pause(upMs);
    const before = ear.losses;
    tell({ cut: peer });
    await until(`${peer} is lost`, async () => ear.losses > before, backWithinMs);
  }
  while (ear.events < end) await pause(upMs);
}

async function runHours(site: Site, count: number): Promise<void> {
  site.tell({ flap: true });
  await Promise.all(peers.map((peer) => runDriver(site, peer, count * lossesPerHour, count * eventsPerHour)));
  site.tell({ flap: false });
  for (const peer of peers) await until(`${peer} is good`, async () => isGood(site.ears[peer]), backWithinMs);
  await pause(quietMs);
}

interface Held {
  readonly handles: number;
  readonly emitters: number;
  readonly listeners: number;
  readonly heapMiB: number;
  readonly rssMiB: number;
}

const mib = (bytes: number) => Math.round((bytes / 2 ** 20) * 100) / 100;

/** Counting objects makes the engine let go of all that it can, also of what it keeps for speed: what is left then is held. */
async function measure(): Promise<Held> {
  await pause(settleMs);
  for (let round = 0; round < 6; round += 1) {
    collect();
    await pause(50);
  }
  const emitters = Number(queryObjects(EventEmitter, { format: "count" }));
  const { heapUsed, rss } = process.memoryUsage();
  return {
    handles: process.getActiveResourcesInfo().length,
    emitters,
    listeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
    heapMiB: mib(heapUsed),
    rssMiB: mib(rss),
  };
}

function compare(before: Held, after: Held): boolean {
  const rows = (Object.keys(before) as (keyof Held)[]).map((what) => ({
    what,
    before: before[what],
    after: after[what],
    ratio: Math.round((after[what] / before[what]) * 1_000) / 1_000,
  }));
  console.table(rows);
  return rows.every(({ ratio }) => ratio <= 1 + growthMax);
}

let warnings = 0;
process.on("warning", (warning) => {
  // Counting objects is an experiment of Node.js.
  if (warning.name === "ExperimentalWarning") return;
  warnings += 1;
  console.error(warning);
});
const site = await startSite();
await runHours(site, warmUpHours / 2);
// Counting needs memory of its own, which the process keeps.
await measure();
await runHours(site, warmUpHours / 2);
const before = await measure();
const from = performance.now();
const heardBefore = peers.map((peer) => site.ears[peer].events);
await runHours(site, hours);
const after = await measure();
const heard = peers.map((peer, index) => `${peer} ${site.ears[peer].events - (heardBefore[index] ?? 0)}`);
console.log(
  `${hours} h of a bad site in ${Math.round((performance.now() - from) / 1_000)} s: ${hours * lossesPerHour} losses of each line (${contactsOf.bus.length} devices on the bus), events heard: ${heard.join(", ")}`,
);
const isWithin = compare(before, after);
if (warnings > 0) console.error(`${warnings} warnings of the process`);
await site.close();
process.exit(isWithin && warnings === 0 ? 0 : 1);
