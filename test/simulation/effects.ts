// What each kind of happening does to the site when it begins and when it heals.
import type { EdgeConfig } from "../../edge/model/site.js";
import type { TriggerName } from "../../simulators/plant/trigger.js";
import type { Happening, Kind } from "./happenings.js";
import type { SimulatedSite } from "./site.js";
import type { World } from "./world.js";

interface Effect {
  readonly begin: (happening: Happening) => void;
  readonly heal?: (happening: Happening) => void;
}

const bootingMs = 3_000;
/** Samples of the fibre around what happens there. */
const levelMs = { before: 4_000, after: 3_000, learn: 6_000 };
const twoPersons = ["guard", "supervisor"];

export function effectsOn(site: SimulatedSite, config: EdgeConfig, world: World): Readonly<Record<Kind, Effect>> {
  const { field, network, hub, disk } = site;
  const pull = (name: TriggerName) => (happening: Happening) => {
    const { target, forMs } = happening;
    field.pull({ name, target, forMs });
  };
  const during = (name: TriggerName, after: TriggerName): Effect => ({ begin: pull(name), heal: pull(after) });
  /** A fibre that is there again is heard again. */
  const fibreBack = (name: TriggerName) => (happening: Happening) => {
    pull(name)(happening);
    field.sendLevel(world.now() + levelMs.learn);
  };
  const target = (run: (target: string) => void) => (happening: Happening) => run(happening.target ?? "");
  const death = (power: boolean, clockKept: boolean): Effect => ({
    begin: ({ by = 0, forMs }) =>
      site.killAfterWrite({ afterMs: by, forMs: power ? forMs + bootingMs : forMs, power, clockKept }),
  });
  const group = config.groups[0]?.id ?? "";
  const area = config.areas.find(({ kind }) => kind === "perimeter")?.id ?? "";

  function restartHub(rows: number | null): void {
    const again = async () => {
      hub.crash();
      if (rows !== null) await hub.restore(rows);
      await hub.start();
    };
    again().catch((error) => {
      throw error;
    });
  }

  function standDown(): void {
    const held = site.box()?.runner.state().durable.lockDowns ?? {};
    for (const { group: id, barriers } of Object.values(held))
      site.order({ kind: "stand-down", group: id, barriers }, twoPersons);
  }

  function tidy(): void {
    site.order({ kind: "silence" }, ["guard"]);
    standDown();
    world.at(world.now() + 5_000, () => {
      const incidents = Object.keys(site.box()?.runner.state().durable.incidents ?? {});
      for (const incident of incidents) site.order({ kind: "reset", incident }, ["guard"]);
    });
  }

  function chatter({ target: id, forMs }: Happening): void {
    for (let at = 0; at < forMs; at += 90 + ((at * 7) % 60))
      world.at(world.now() + at, () => field.pull({ name: "beam-short", target: id, forMs: 30 }));
  }

  return {
    "beam-break": { begin: pull("beam-break") },
    "fence-cut": {
      begin: (happening) => {
        field.sendLevel(world.now() + happening.forMs + levelMs.before + levelMs.after);
        world.at(world.now() + levelMs.before, () => pull("fence-cut")({ ...happening, forMs: happening.forMs }));
      },
    },
    "door-open": during("door-open", "door-close"),
    panic: { begin: pull("panic") },
    rush: { begin: pull("vehicle-rush") },
    fire: during("fire", "fire-clear"),
    "beam-stuck": { begin: pull("beam-break") },
    "beam-chatter": { begin: chatter },
    "beam-tamper": during("beam-tamper", "beam-mend"),
    "beam-silent": during("beam-silent", "beam-back"),
    "fibre-silent": { begin: pull("fibre-silent"), heal: fibreBack("fibre-back") },
    "fibre-broken": { begin: pull("fibre-break"), heal: fibreBack("fibre-mend") },
    "loop-cut": during("loop-cut", "loop-mend"),
    "loop-short": during("loop-short", "loop-mend"),
    "vehicle-on-loop": during("vehicle-on-loop", "vehicle-leaves"),
    "vehicle-loop-lost": during("vehicle-loop-lost", "vehicle-loop-mend"),
    "bollard-jam": during("bollard-jam", "bollard-free"),
    "bollard-slow": {
      begin: ({ target: id = "", by = 1 }) => field.slowDrive(id, by),
      heal: target((id) => field.slowDrive(id, 1)),
    },
    "bollard-obstructed": during("bollard-obstructed", "bollard-free"),
    "power-dip": during("power-loss", "power-back"),
    "contact-stuck": { begin: target(field.stick), heal: target(field.free) },
    "lock-out": during("lock-out", "lock-out-clear"),
    "line-cut": { begin: target(field.cut), heal: target(field.mend) },
    "output-dead": { begin: target(field.breakOutput), heal: target(field.mendOutput) },
    "disk-full": { begin: () => disk.setFree(0), heal: () => disk.setFree(1e9) },
    "disk-sync-fails": { begin: ({ by = 1 }) => disk.failSyncs(Math.round(by)) },
    "disk-stall": { begin: ({ forMs }) => site.stallDisk(world.now() + forMs) },
    "disk-refuses": { begin: () => disk.refuse("EROFS"), heal: () => disk.refuse(null) },
    "link-cut": { begin: () => network.cut(), heal: () => network.mend() },
    "link-half-open": { begin: () => network.swallow(true), heal: () => network.swallow(false) },
    "link-reset": { begin: () => network.reset() },
    "link-slow": { begin: ({ by = 0 }) => network.slow(by), heal: () => network.slow(0) },
    "hub-crash": { begin: () => hub.crash(), heal: () => restartHub(null) },
    "hub-restored": {
      begin: () => hub.crash(),
      heal: ({ by = 0 }) => restartHub(Math.max(0, hub.rowCount() - Math.round(by))),
    },
    "hub-frozen": { begin: () => hub.freeze(true), heal: () => hub.freeze(false) },
    "power-loss": death(true, false),
    "power-loss-clock-kept": death(true, true),
    "process-killed": death(false, true),
    "wall-jump": { begin: ({ by = 0 }) => site.jumpWall(by), heal: () => site.setWall() },
    "lock-down": { begin: () => site.send({ kind: "lock-down", group }, ["operator"]) },
    "stand-down": { begin: standDown },
    silence: { begin: () => site.send({ kind: "silence" }, ["operator"]) },
    disarm: {
      begin: () => site.order({ kind: "disarm", area }, ["guard"]),
      heal: () => site.order({ kind: "arm", area }, ["guard"]),
    },
    tidy: { begin: tidy },
  };
}
