// A whole site in virtual time: field, box with its disk, network and hub, and what happens to them.

import { createMemory, type DurableMemory } from "../../edge/agent/memory.js";
import { initialDurable } from "../../edge/incident/durable.js";
import type { JournalOptions } from "../../edge/journal/journal.js";
import type { Clock, Disk, Timer } from "../../edge/machine/ports.js";
import { type Act, roles } from "../../edge/model/command.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { Stamp } from "../../edge/model/time.js";
import { makeSigningKey, signerOf } from "../../edge/record/sign.js";
import type { RecordSource } from "../../edge/uplink/sender.js";
import { createQueue } from "../../hub/intake/queue.js";
import type { LedgerRow } from "../../hub/ledger/ledger.js";
import { createSimulatedDisk, type SimulatedDisk } from "../support/simulated-disk.js";
import { type Box, type BoxWatch, startBox } from "./box.js";
import { createField, type Field } from "./field.js";
import { createHub, type Hub } from "./hub.js";
import { createNetwork, type Network } from "./network.js";
import type { ExampleSite } from "./sites.js";
import { timedDisk } from "./timed-disk.js";
import { createLife, type Life, streamOf, type World } from "./world.js";

/** Where a planted bug comes in: each stands between production code and what it is handed. */
export interface Plants {
  readonly disk: (disk: Disk, life: Life) => Disk;
  readonly controllerClock: (machine: { clock: Clock; timer: Timer }) => { clock: Clock; timer: Timer };
  readonly source: (source: RecordSource) => RecordSource;
  readonly config: (config: EdgeConfig) => EdgeConfig;
  readonly createQueue: typeof createQueue;
  readonly act: (act: Act, config: EdgeConfig) => Act;
  readonly memory: (memory: DurableMemory) => DurableMemory;
}

export const noPlants: Plants = {
  disk: (disk) => disk,
  controllerClock: (machine) => machine,
  source: (source) => source,
  config: (config) => config,
  createQueue,
  act: (act) => act,
  memory: (memory) => memory,
};

export interface SiteSetup {
  readonly world: World;
  readonly seed: number;
  readonly example: ExampleSite;
  readonly plants: Plants;
  readonly watch: BoxWatch & {
    /** The present life of the box is over; `diskKept`: only its process is. */
    died(diskKept: boolean): void;
    started(box: Box): void;
    stored(rows: readonly LedgerRow[]): void;
    restored(rows: number): void;
    hubTrouble(detail: string): void;
    /** A person orders at the box. */
    ordered(act: Act): void;
  };
}

export interface SimulatedSite {
  readonly field: Field;
  readonly network: Network;
  readonly hub: Hub;
  readonly disk: SimulatedDisk;
  readonly options: JournalOptions;
  box(): Box | null;
  stamp(): Stamp;
  /** The box dies `afterMs` after its next write to the disk and starts again `forMs` later. */
  killAfterWrite(death: Death): void;
  jumpWall(ms: number): void;
  setWall(): void;
  stallDisk(untilMs: number): void;
  /** At the box itself; nothing when it is down. */
  order(act: Act, issuers: readonly string[], duress?: boolean): void;
  /** A checked configuration takes the place of the present one, also for later lives. */
  apply(config: EdgeConfig): void;
  /** A command from the hub. */
  send(act: Act, issuers: readonly string[]): void;
  start(): void;
}

export interface Death {
  readonly afterMs: number;
  readonly forMs: number;
  readonly power: boolean;
  readonly clockKept: boolean;
}

const wallAtStart = Date.UTC(2026, 10, 22, 8, 0, 0);
const monoAtBoot = 10_000;
/** A box without a clock of its own gets the time from the network within this time. */
const timeWithinMs = { min: 5_000, span: 120_000 };
const freeBytes = 1e9;
const commandTtlMs = 10_000;

export function createSite(setup: SiteSetup): SimulatedSite {
  const { world, seed, watch, plants } = setup;
  const { config, site } = setup.example;
  const streams = {
    disk: streamOf(seed, "disk-time"),
    box: streamOf(seed, "box-random"),
    network: streamOf(seed, "network"),
    hub: streamOf(seed, "hub-time"),
  };
  const root = `portcullis/v1/${site}/${config.id}`;
  const disk = createSimulatedDisk(seed, freeBytes);
  const field = createField(world, setup.example);
  const network = createNetwork(world, streams.network, { topic: `${root}/status`, payload: '{"online":false}' });
  const hub = createHub({
    world,
    network,
    random: streams.hub,
    site,
    edge: config.id,
    wallAtStart,
    createQueue: plants.createQueue,
    stored: watch.stored,
    restored: watch.restored,
    trouble: watch.hubTrouble,
  });
  const options: JournalOptions = {
    site,
    edge: config.id,
    run: "",
    retentionDays: 90,
    quotaBytes: 4 * 1024 * 1024,
    reserveBytes: 128 * 1024,
    segmentBytes: 64 * 1024,
  };
  const keys = streamOf(seed, "signing-key");
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => Math.floor(keys.next() * 256));
  const signer = signerOf(makeSigningKey({ bytes }));
  let present = config;
  let life: Life | null = null;
  let box: Box | null = null;
  let boots = 0;
  let runs = 0;
  let commands = 0;
  let bootedAt = 0;
  let wallErrorMs = 0;
  let trust: Stamp["clock"] = "synchronised";
  let stalledUntil = 0;
  const armed: Death[] = [];

  const stamp = (): Stamp => ({
    boot: `boot-${boots}`,
    mono: world.now() - bootedAt + monoAtBoot,
    wall: wallAtStart + world.now() + wallErrorMs,
    clock: trust,
  });

  function start(): void {
    runs += 1;
    const mine = createLife(world, stamp, streams.box);
    life = mine;
    const hooks = { wrote, stalledUntil: () => stalledUntil - bootedAt + monoAtBoot };
    const timed = timedDisk(disk.mount(), mine, streams.disk, hooks);
    startBox({
      site,
      config: plants.config(present),
      life: mine,
      disk: plants.disk(timed, mine),
      link: network.link(mine.isAlive),
      field,
      watch: watchOf(mine),
      options: { ...options, run: `run-${runs}` },
      controllerClock: plants.controllerClock(mine),
      sourceOf: plants.source,
      signer,
      memory: plants.memory(createMemory(initialDurable(present))),
    }).then(
      (started) => {
        if (!mine.isAlive()) return;
        box = started;
        watch.started(started);
      },
      (error) => watch.hubTrouble(`the box cannot start: ${error instanceof Error ? error.stack : String(error)}`),
    );
  }

  /** A dead life has nothing to tell. */
  function watchOf(mine: Life): BoxWatch {
    return {
      facts: watch.facts,
      handed: (drafts) => mine.isAlive() && watch.handed(drafts),
      settled: (drafts, appended) => mine.isAlive() && watch.settled(drafts, appended),
      wrote: watch.wrote,
      trouble: (trouble) => mine.isAlive() && watch.trouble(trouble),
      opened: watch.opened,
    };
  }

  function wrote(): void {
    for (const death of armed.splice(0)) world.at(world.now() + death.afterMs, () => die(death));
  }

  function die(death: Death): void {
    if (life === null || !life.isAlive()) return;
    life.end();
    box = null;
    field.detach();
    if (death.power) disk.crash();
    watch.died(!death.power);
    world.at(world.now() + death.forMs, () => revive(death));
  }

  function revive({ power, clockKept }: Death): void {
    if (power) {
      boots += 1;
      bootedAt = Math.floor(world.now());
      // A battery keeps the time only if there was one.
      const isKept = clockKept && trust !== "never-set";
      trust = isKept ? "holdover" : "never-set";
      if (!isKept) wallErrorMs = -(wallAtStart + bootedAt);
      const within = timeWithinMs.min + timeWithinMs.span * streams.box.next();
      world.at(world.now() + within, setWall);
    }
    start();
  }

  function setWall(): void {
    wallErrorMs = 0;
    trust = "synchronised";
  }

  return {
    field,
    network,
    hub,
    disk,
    options,
    box: () => box,
    stamp,
    killAfterWrite: (death) => void armed.push(death),
    jumpWall(ms) {
      wallErrorMs += ms;
    },
    setWall,
    stallDisk(untilMs) {
      stalledUntil = untilMs;
    },
    order(act, issuers, duress = false) {
      commands += 1;
      if (box !== null) watch.ordered(act);
      box
        ?.order({ id: `local-${commands}`, issuers, reason: "simulated", roles, duress, act: plants.act(act, config) })
        .catch((error) => watch.hubTrouble(`order: ${String(error)}`));
    },
    apply(next) {
      present = next;
      box?.apply(plants.config(next));
    },
    send(act, issuers) {
      commands += 1;
      hub.command({ id: `hub-${commands}`, issuers, reason: "simulated", act, ttlMs: commandTtlMs });
    },
    start() {
      hub.start().catch((error) => watch.hubTrouble(`the hub cannot start: ${String(error)}`));
      start();
    },
  };
}
