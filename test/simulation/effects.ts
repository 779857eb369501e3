// What each kind of happening does to the site when it begins and when it heals.
import type { TriggerName } from "../../simulators/plant/trigger.js";
import type { Kind } from "./draws.js";
import type { Happening } from "./happenings.js";
import { peopleOn } from "./people.js";
import type { SimulatedSite } from "./site.js";
import type { ExampleSite } from "./sites.js";
import type { World } from "./world.js";

export interface Effect {
  readonly begin: (happening: Happening) => void;
  readonly heal?: (happening: Happening) => void;
}

const bootingMs = 3_000;
/** Samples of the fibre around what happens there. */
const walkMs = 700;
const levelMs = { before: 4_000, after: 3_000, learn: 6_000 };

export function effectsOn(site: SimulatedSite, example: ExampleSite, world: World): Readonly<Record<Kind, Effect>> {
  const { field, network, hub, disk } = site;
  const { config } = example;
  const pull = (name: TriggerName) => (happening: Happening) => {
    const { target, forMs } = happening;
    field.pull({ name, target, forMs });
  };
  const heard = (name: TriggerName) => (happening: Happening) => {
    field.sendLevel(world.now() + happening.forMs + levelMs.before + levelMs.after);
    world.at(world.now() + levelMs.before, () => pull(name)(happening));
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

  /** Two loops in order, as feet make them. */
  function walk({ target: zone }: Happening): void {
    const known = config.zones.find(({ id }) => id === zone);
    if (known?.kind !== "pedestrian-rush") return;
    for (const [point, afterMs] of [
      [known.first, 0],
      [known.second, walkMs],
    ] as const) {
      const loop = example.deviceOf(point);
      world.at(world.now() + afterMs, () => field.pull({ name: "vehicle-on-loop", target: loop }));
      world.at(world.now() + afterMs + walkMs, () => field.pull({ name: "vehicle-leaves", target: loop }));
    }
  }

  /** A new revision: the zone is gone, or, where something names it, called otherwise. */
  function reconfigure({ target: zone = "" }: Happening): void {
    const isNamed = JSON.stringify([config.responses, config.confirmations ?? []]).includes(`"${zone}"`);
    const zones = config.zones.flatMap((known) => {
      if (known.id !== zone) return [known];
      return isNamed ? [{ ...known, name: { zh: "新", en: "new" } }] : [];
    });
    site.apply({ ...config, zones });
  }

  function chatter({ target: id, forMs }: Happening): void {
    for (let at = 0; at < forMs; at += 90 + ((at * 7) % 60))
      world.at(world.now() + at, () => field.pull({ name: "beam-short", target: id, forMs: 30 }));
  }

  return {
    "beam-break": { begin: pull("beam-break") },
    "fence-cut": { begin: heard("fence-cut") },
    "fence-climb": { begin: heard("fence-climb") },
    "door-open": during("door-open", "door-close"),
    panic: { begin: pull("panic") },
    rush: { begin: pull("vehicle-rush") },
    fire: during("fire", "fire-clear"),
    contact: during("contact-close", "contact-open"),
    walk: { begin: walk },
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
    config: { begin: reconfigure, heal: () => site.apply(config) },
    ...peopleOn(site, config, world),
  };
}
