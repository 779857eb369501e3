// Plays signals on simulated fibres over the whole real path, all at the same time: simulator, MQTT, the broker in the
// box, controller, journal. Gives the alarms that the box's journal holds. For recordings-live.ts and the system test.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Moment } from "../../edge/detection/look.js";
import { readJournal } from "../../edge/journal/inspect.js";
import { builtFile } from "../../edge/machine/built.js";
import type { KnownRecord } from "../../edge/model/record.js";
import type { Stamp } from "../../edge/model/time.js";
import { freePorts } from "../../test/support/free-port.js";
import { endProcess } from "../../test/support/processes.js";
import { fibreSite, type SitePorts } from "./live-site.js";
import { rateHz } from "./signals.js";

export interface LiveCase {
  /** Names the fibre, its device and its zone. */
  readonly id: string;
  /** A recording's file, or samples at 333 Hz. */
  readonly plays: string | readonly number[];
  readonly gain?: number;
  /** The simulator's own quiet before. */
  readonly quietMs: number;
}

/** Times in ms from the first sample that the fibre plays, by the simulator's clock. */
export interface LiveAlarm extends Moment {
  /** When the box had decided. */
  readonly detectedAt: number;
}

export interface LiveRun {
  readonly alarms: ReadonlyMap<string, readonly LiveAlarm[]>;
  /** Records of the box that tell of trouble on the path: none when nothing was lost. */
  readonly troubles: readonly string[];
}

const readyWithinMs = 30_000;
const pollMs = 100;
/** The last block, its decision and its record. */
const settleMs = 1_000;
const troubleTypes = ["point.lost", "driver.lost", "input.refused", "limit.reached", "zone.unguarded"];

/** Needs the built form. Lasts as long as the longest case and some seconds. */
export async function playLive(cases: readonly LiveCase[]): Promise<LiveRun> {
  const folder = await mkdtemp(join(tmpdir(), "portcullis-recordings-"));
  try {
    const ports = await sitePorts();
    const config = join(folder, "site.yaml");
    const data = join(folder, "data");
    const site = fibreSite(
      cases.map(({ id }) => id),
      ports,
    );
    // JSON is YAML.
    await writeFile(config, JSON.stringify(site));
    const box = start("edge", "--config", config, "--edge", "gatehouse", "--data", data);
    const simulators = start("simulate", "--config", config, "--credentials", join(data, "field-credentials.json"));
    const control = `http://127.0.0.1:${ports.control}`;
    const begun = new Map<string, number>();
    try {
      await connected(control, { fibres: cases.length, programs: [box, simulators] });
      const playing = cases.map(async (each) => {
        const { fromAt, samples } = await replay(each, { control, folder });
        begun.set(each.id, fromAt);
        await sleep(fromAt + (samples * 1000) / rateHz + settleMs - Date.now());
      });
      await Promise.all(playing);
    } finally {
      // The box first: it would take the simulators' leaving for lost points.
      await endProcess(box, "SIGTERM");
      await endProcess(simulators, "SIGTERM");
    }
    return await readAlarms(join(data, "journal"), begun);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sitePorts(): Promise<SitePorts> {
  const [http = 0, broker = 0, control = 0] = await freePorts(3);
  return { http, broker, control };
}

function start(...args: readonly string[]): ChildProcess {
  const entry = fileURLToPath(builtFile("scripts/portcullis.ts"));
  return spawn(process.execPath, [entry, ...args], { stdio: ["ignore", "ignore", "inherit"] });
}

/** Resolves when every fibre has logged in at the box. */
async function connected(
  control: string,
  { fibres, programs }: { readonly fibres: number; readonly programs: readonly ChildProcess[] },
): Promise<void> {
  const giveUpAt = performance.now() + readyWithinMs;
  for (;;) {
    // Nobody listens before the simulators are up.
    const answer = await fetch(`${control}/events`).catch(() => null);
    const events = answer === null ? [] : ((await answer.json()) as { what: string; value: unknown }[]);
    if (events.filter(({ what, value }) => what === "connected" && value === true).length >= fibres) return;
    if (programs.some(({ exitCode }) => exitCode !== null)) throw new Error("the box or the simulators ended");
    if (performance.now() > giveUpAt) throw new Error(`the fibres are not connected within ${readyWithinMs} ms`);
    await sleep(pollMs);
  }
}

/** Starts a case; gives the wall time of its first sample and how many follow. */
async function replay(
  { id, plays, gain = 1, quietMs }: LiveCase,
  { control, folder }: { readonly control: string; readonly folder: string },
): Promise<{ readonly fromAt: number; readonly samples: number }> {
  const file = typeof plays === "string" ? plays : join(folder, `${id}.csv`);
  if (typeof plays !== "string") await writeFile(file, csvOf(plays));
  const body = JSON.stringify({ file, target: id, gain, quietMs });
  const answer = await fetch(`${control}/replay`, { method: "POST", body });
  if (!answer.ok) throw new Error(`${id}: ${await answer.text()}`);
  const { fromAt, samples } = (await answer.json()) as { fromAt: string; samples: number };
  return { fromAt: Date.parse(fromAt), samples };
}

/** A signal in the form of the recordings. */
export function csvOf(signal: readonly number[]): string {
  const lines = signal.map((value, i) => `${((i * 1000) / rateHz).toFixed(3)},${value.toFixed(2)}`);
  return ["timestamp_ms,accel_mag", ...lines].join("\n");
}

async function readAlarms(journal: string, begun: ReadonlyMap<string, number>): Promise<LiveRun> {
  const alarms = new Map<string, LiveAlarm[]>([...begun.keys()].map((id) => [id, []]));
  const troubles: string[] = [];
  // Before the first replay devices may still be on their way in.
  const begunAt = Math.min(...begun.values());
  for await (const record of readJournal(journal)) {
    if (troubleTypes.includes(record.type) && Date.parse(record.time) >= begunAt)
      troubles.push(`${record.type} ${JSON.stringify(record.data)}`);
    if (record.type !== "zone.breached") continue;
    const { zone, detection } = (record as KnownRecord<"zone.breached">).data;
    const after = ({ wall }: Stamp) => wall - (begun.get(zone) ?? Number.NaN);
    alarms.get(zone)?.push({
      cause: detection.cause,
      firstActivityAt: after(detection.firstActivityAt),
      occurredAt: after(detection.occurredAt),
      detectedAt: after(detection.detectedAt),
    });
  }
  return { alarms, troubles };
}
