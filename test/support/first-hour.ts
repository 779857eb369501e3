// A small new site for a technician's first hour: the box and the simulated plant as processes of their own, a door contact wired
// the wrong way round, a loop set for other resistors, a fibre set too dull, two quick bollards. Everybody is added before it runs.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PointsReply } from "../../edge/commissioning/questions/points.js";
import { csvOf } from "../../scripts/recordings/live.js";
import { join as joined, quietFor, readRecording } from "../../scripts/recordings/signals.js";
import { officeSite } from "../../scripts/recordings/trial.js";
import type { Simulation } from "../../simulators/settings.js";
import { entry, portcullisFed, type Told } from "./command-line.js";
import { freePorts } from "./free-port.js";
import { endProcess } from "./processes.js";
import { until } from "./until.js";

export const fence = "fence-north";
/** A bare contact, set as normally open; it is normally closed. */
export const door = "archive-door";
/** A loop of 4.7 kΩ resistors, set as 10 kΩ. */
export const loopDoor = "gatehouse-door";
export const technician = { name: "李工", pin: "739154" } as const;
export const supervisor = { name: "王强", pin: "417390" } as const;

interface Ports {
  readonly http: number;
  readonly broker: number;
  readonly board: number;
  readonly controller: number;
  readonly control: number;
}

/** The office without its service entrance and hub, with a second door; quick drives, so that a test lasts no hour. */
function firstHourSite({ http, broker, board, controller, control }: Ports): object {
  const text = JSON.stringify(officeSite())
    .replaceAll("3030", String(board))
    .replaceAll("4841", String(controller))
    .replaceAll("8884", String(broker));
  const { simulation, edges, ...site } = JSON.parse(text);
  const [{ uplink: _, ...office }] = edges;
  const isService = ({ id }: { readonly id: string }) => /^(service-|b3-|bollard-3|B3|posture-)/.test(id);
  const without = <T extends { readonly id: string }>(things: readonly T[]) =>
    things.filter((each) => !isService(each));
  const quick = { travelMs: 1_500, emergencyTravelMs: 1_000, warnMs: 500, emergencyWarnMs: 500 };
  const name = { zh: "档案室门磁", en: "Archive door" };
  const contact = { direction: "in", pin: 10, signal: "digital", pullUp: true, activeLow: true, latencyMs: 40 };
  const drivers = office.drivers.map((driver: { id: string; points: { id: string }[] }) => {
    const points = without(driver.points);
    return { ...driver, points: driver.id === "io" ? [...points, { id: `${door}-contact`, ...contact }] : points };
  });
  const zones = office.zones.map((zone: Record<string, unknown>) => ({
    ...zone,
    ...(zone["id"] === loopDoor && {
      filterMs: 100,
      loop: { ...(zone["loop"] as object), endOhms: 10_000, alarmOhms: 10_000 },
    }),
    ...(zone["id"] === fence && { settings: { ...(zone["settings"] as object), threshold: 60, eventCount: 5 } }),
  }));
  return {
    ...site,
    edges: [
      {
        ...office,
        http: { host: "127.0.0.1", port: http },
        settleMs: 1_000,
        drivers,
        areas: without(office.areas as { id: string }[]).map((area) => ({ ...area, armedAtStart: false })),
        zones: [
          ...zones,
          { id: door, name, area: "gatehouse", kind: "door-contact", point: `${door}-contact`, filterMs: 100 },
        ],
        barriers: without(office.barriers as { id: string }[]).map((barrier) => ({ ...barrier, ...quick })),
        groups: without(office.groups as { id: string; barriers: string[] }[]).map((group) => ({
          ...group,
          barriers: group.barriers.filter((id) => !isService({ id })),
        })),
        responses: without(office.responses as { id: string }[]),
        walkTest: { chirp: { kind: "annunciator", annunciator: "buzzer", ms: 100 } },
      },
    ],
    simulation: { ...plantOf(simulation, isService), control: { host: "127.0.0.1", port: control } },
  };
}

function plantOf(simulation: Simulation, isService: (thing: { readonly id: string }) => boolean): Simulation {
  const { boards, bollardControllers } = simulation;
  return {
    ...simulation,
    boards: boards.map((board) => ({
      ...board,
      buttons: [...board.buttons, { id: door, pin: 10, kind: "contact" }],
      relays: board.relays.filter((relay) => !isService(relay)),
    })),
    bollardControllers: bollardControllers.map((controller) => ({
      ...controller,
      bollards: controller.bollards
        .filter((bollard) => !isService(bollard))
        .map(({ id }) => ({ id, travelMs: 1_000, emergencyTravelMs: 600, starts: "open" })),
    })),
  };
}

export interface FirstHour {
  readonly url: string;
  readonly data: string;
  /** For what the test writes. */
  readonly folder: string;
  /** The command line at this box, in somebody's name where one is given. */
  commission(words: readonly string[], who?: typeof technician | typeof supervisor): Promise<Told>;
  pull(name: string, target: string): Promise<void>;
  /** Lets the door open and close so often, and waits each time until the box has seen it. */
  swing(times: number): Promise<void>;
  /** Plays on the fibre; resolves when it begins, with its length in ms. */
  play(what: "quiet" | "blows"): Promise<number>;
  close(): Promise<void>;
}

/** Ready when every device is connected and the door is shut. */
export async function startFirstHour(): Promise<FirstHour> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-hour-"));
  const [http = 0, broker = 0, board = 0, controller = 0, control = 0] = await freePorts(5);
  const [siteFile, data] = [join(folder, "site.yaml"), join(folder, "data")];
  const url = `http://127.0.0.1:${http}`;
  // JSON is YAML.
  writeFileSync(siteFile, JSON.stringify(firstHourSite({ http, broker, board, controller, control })));
  for (const [words, { name, pin }] of [
    [["technician"], technician],
    [["supervisor"], supervisor],
  ] as const) {
    const told = await portcullisFed(
      `${pin}\n`,
      "commission",
      "people",
      "add",
      name,
      "--role",
      ...words,
      "--data",
      data,
    );
    if (told.code !== 0) throw new Error(told.err);
  }
  const plant = `http://127.0.0.1:${control}`;
  const processes = [
    start(folder, ["edge", "--config", siteFile, "--edge", "gatehouse", "--data", data]),
    start(folder, ["simulate", "--config", siteFile, "--credentials", join(data, "field-credentials.json")]),
  ];
  const close = async () => {
    await Promise.all(processes.map((process) => endProcess(process, "SIGTERM")));
    rmSync(folder, { recursive: true, force: true });
  };
  const pull = (name: string, target: string) => post(`${plant}/trigger`, { name, target }).then(() => undefined);
  const ready = async () => {
    const { drivers } = (await (await fetch(`${url}/healthz`)).json()) as {
      drivers: Record<string, { connected: boolean }>;
    };
    // What the plant does is asked for at a port of its own, which it opens after those of its devices.
    return Object.values(drivers).every(({ connected }) => connected) && (await fetch(`${plant}/state`)).ok;
  };
  try {
    await until("box and plant are ready", ready, 60_000);
    await pull("contact-close", door);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    data,
    folder,
    pull,
    close,
    commission: (words, who) =>
      portcullisFed(
        who === undefined ? "" : `${who.pin}\n`,
        ...["commission", ...words, "--url", url],
        ...(who === undefined ? [] : ["--name", who.name]),
      ),
    async swing(times) {
      for (let time = 0; time < times; time += 1) {
        for (const [name, value] of [
          ["contact-open", false],
          ["contact-close", true],
        ] as const) {
          await pull(name, door);
          await until(`${name} is seen`, async () => (await valueAt(url)) === value);
          // The zone's filter, twice.
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      }
    },
    async play(what) {
      const signal = what === "quiet" ? quietFor(26) : joined(readRecording("mac_far_new_sd_b16"), quietFor(2));
      const file = join(folder, `${what}.csv`);
      writeFileSync(file, csvOf(signal));
      const { fromAt, samples } = await post(`${plant}/replay`, { file });
      return Date.parse(fromAt) - Date.now() + samples * 3;
    },
  };
}

async function valueAt(url: string): Promise<unknown> {
  const { points } = (await (await fetch(`${url}/api/v1/points`)).json()) as PointsReply;
  return points.find(({ point }) => point === `${door}-contact`)?.value;
}

async function post(url: string, body: object): Promise<{ fromAt: string; samples: number }> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()) as { fromAt: string; samples: number };
}

function start(folder: string, args: readonly string[]): ChildProcess {
  const log = openSync(join(folder, `${args[0]}.log`), "a", 0o600);
  const child = spawn(process.execPath, [entry, ...args], { stdio: ["ignore", log, log] });
  closeSync(log);
  return child;
}
