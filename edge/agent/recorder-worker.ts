// The worker thread that holds journal and uplink: appends what the agent hands over, sends what the disk has confirmed.
import { dirname } from "node:path";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Journal, JournalDraft } from "../journal/journal.js";
import { createOutlook } from "../journal/outlook.js";
import { createClock } from "../machine/clock.js";
import { diskAt } from "../machine/disk.js";
import type { Clock } from "../machine/ports.js";
import { createRandom } from "../machine/random.js";
import { createTimer } from "../machine/timer.js";
import { readWallFloor } from "../machine/wall-floor.js";
import type { CommandResult } from "../model/command.js";
import type { Durable } from "../model/durable.js";
import { type ErrorCode, PortcullisError, type Trouble } from "../model/error.js";
import { createAges } from "../uplink/backlog.js";
import { Uplink } from "../uplink/uplink.js";
import { openBoxJournal } from "./box-journal.js";
import { openHubLinks } from "./hub-links.js";
import type { DurableMemory } from "./memory.js";
import { newestWall } from "./newest-wall.js";
import type { Ask, FromWorker, NumberedEntry, RecorderStatus, ToWorker, WorkerOptions } from "./recorder-messages.js";
import type { Secrecy } from "./secrecy.js";

const mib = 1024 * 1024;

interface Parts {
  readonly port: MessagePort;
  readonly journal: Journal;
  readonly uplink: Uplink;
  readonly memory: DurableMemory;
  /** Undefined where no area is encrypted. */
  readonly secrecy: Secrecy | undefined;
  readonly status: () => Promise<RecorderStatus>;
  /** Commands that the agent has not answered yet. */
  readonly commands: Map<number, (result: CommandResult) => void>;
}

/** What may have kept a record from being read back; a torn tail had been promised to nobody. */
const gaps: readonly ErrorCode[] = ["journal.corrupt", "journal.volatile"];

async function run(port: MessagePort, options: WorkerOptions): Promise<void> {
  const post = (message: FromWorker) => port.postMessage(message);
  let isWhole = true;
  const onTrouble = (trouble: Trouble) => {
    if (gaps.includes(trouble.code)) isWhole = false;
    post({ kind: "trouble", trouble });
  };
  const machine = { clock: createClock(), timer: createTimer(), random: createRandom() };
  const { site, edge } = options;
  const { journal, memory, secrecy } = await openBoxJournal(options, machine, onTrouble);
  const wallMs = Math.max(await newestWall(journal, onTrouble), readWallFloor(dirname(options.dataDir)));
  machine.clock.raiseFloor(wallMs);
  const commands: Parts["commands"] = new Map();
  let commandId = 0;
  const uplink = new Uplink({
    site,
    edge,
    links: openHubLinks(options, machine, onTrouble),
    source: sourceOf(journal),
    machine,
    onCommand(command, expiresAt) {
      commandId += 1;
      const id = commandId;
      post({ kind: "command", id, command, expiresAt });
      return new Promise((resolve) => commands.set(id, resolve));
    },
    onTrouble,
  });
  uplink.start();
  const parts: Parts = {
    port,
    journal,
    uplink,
    memory,
    secrecy,
    commands,
    status: createStatus(options, machine.clock, { journal, uplink }),
  };
  port.on("message", (message: ToWorker) => receive(parts, message));
  post({ kind: "ready", wallMs, isWhole });
}

/** How the disk's room is known again. */
const freeEveryMs = 10_000;

function createStatus(
  { dataDir, journal: { quotaMiB, reserveMiB } }: WorkerOptions,
  clock: Clock,
  { journal, uplink }: Pick<Parts, "journal" | "uplink">,
): Parts["status"] {
  const ages = createAges(sourceOf(journal), clock);
  const outlook = createOutlook();
  let free = { bytes: 0, at: Number.NEGATIVE_INFINITY };
  return async () => {
    const [kept, sending, at] = [journal.status(), uplink.status(), clock.mono()];
    if (at - free.at >= freeEveryMs)
      free = {
        bytes: await diskAt(dataDir)
          .freeBytes()
          .catch(() => 0),
        at,
      };
    const waiting = Object.values(sending.backlog).reduce((sum, depth) => sum + depth, 0);
    const room = {
      quotaBytes: quotaMiB * mib,
      reserveBytes: reserveMiB * mib,
      freeBytes: free.bytes,
      usedBytes: kept.usedBytes,
      waiting,
    };
    const hoursLeft = outlook({ at, bytes: kept.bytesWritten, records: kept.recordsWritten }, room);
    return { ...kept, ...sending, heads: journal.heads(), oldestAgeMs: await ages(), hoursLeft };
  };
}

/** Journal and uplink do not know each other: the one's port is made of the other here. */
function sourceOf(journal: Journal) {
  return {
    epoch: () => journal.status().epoch,
    heads: () => journal.heads(),
    acknowledged: () => journal.acknowledged(),
    read: journal.read.bind(journal),
    acknowledge: journal.acknowledge.bind(journal),
  };
}

function receive(parts: Parts, message: ToWorker): void {
  if (message.kind === "result") {
    parts.commands.get(message.id)?.(message.result);
    parts.commands.delete(message.id);
    return;
  }
  if (message.kind === "secret") {
    parts.secrecy?.add(message.ids);
    return;
  }
  const { id, ask } = message;
  const post = (answer: FromWorker) => parts.port.postMessage(answer);
  answer(parts, ask).then(
    (value) => {
      post({ kind: "answer", id, value });
      if (ask.op === "close") parts.port.close();
    },
    (error) => post({ kind: "failure", id, trouble: troubleOf(error) }),
  );
}

async function answer(parts: Parts, ask: Ask): Promise<Durable | RecorderStatus | null> {
  const { journal, uplink, memory } = parts;
  switch (ask.op) {
    case "append":
      await append(parts, ask.entries);
      return null;
    case "durable":
      return memory.durable();
    case "status":
      return parts.status();
    case "close":
      await journal.close();
      await uplink.close();
      return null;
  }
}

async function append({ journal, uplink }: Parts, entries: readonly NumberedEntry[]): Promise<void> {
  const { refused } = await journal.append(entries.map(draftOf));
  uplink.wake();
  const serious = refused.filter(({ lane }) => lane !== "telemetry").length;
  if (serious === 0) return;
  throw new PortcullisError({ code: "journal.disk-full", place: "journal", detail: `${serious} records refused` });
}

function draftOf({ fact, now, exercise, number }: NumberedEntry): JournalDraft {
  return { ...fact, data: { ...fact.data }, now, exercise, entry: number };
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof PortcullisError) return error.trouble;
  return { code: "journal.sync-failed", place: "journal", detail: String(error) };
}

if (parentPort !== null) await run(parentPort, workerData as WorkerOptions);
