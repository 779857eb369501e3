// Runs one site under a seed, with what happens to it drawn or given, until the quiet tail has ended or a rule is broken.
import type { JournalRecord } from "../../edge/model/record.js";
import type { Box } from "./box.js";
import type { Kind, Targets } from "./draws.js";
import { effectsOn } from "./effects.js";
import { draw, type Extent, type Happening } from "./happenings.js";
import { createAlarmRules } from "./rules-alarms.js";
import { createMemoryRule } from "./rules-memory.js";
import { createOrderRules } from "./rules-orders.js";
import { createOutputRules } from "./rules-outputs.js";
import { createRecordRules } from "./rules-records.js";
import { createStepRules } from "./rules-steps.js";
import { endOf, type Scene, type Violation } from "./scene.js";
import { createSite, noPlants, type Plants, type SimulatedSite } from "./site.js";
import { type ExampleSite, exampleOf, type SiteName, siteOfSeed } from "./sites.js";
import { createWorld, type World } from "./world.js";

export interface Scenario {
  readonly site: SiteName;
  readonly seed: number;
  readonly spanMs: number;
  readonly happenings: readonly Happening[];
}

export interface Outcome {
  readonly violation: Violation | null;
  readonly events: number;
  readonly committed: number;
  readonly stored: number;
  readonly incidents: number;
  /** What was told on the way, oldest first, the last of it only. */
  readonly tail: readonly string[];
}

/** After everything has healed: time to come to rest, to be tidied up and to bring everything to the hub. */
const tailMs = { restored: 60_000, tidied: 70_000, tidiedAgain: 90_000, restoredAgain: 110_000, end: 230_000 };
const lookEveryMs = 60_000;
const tailLinesMax = 60;
/** What time alone breaks is looked for so often. */
const lookAtLeastMs = 10_000;

function targetsOf({ config, settings }: ExampleSite): Targets {
  return {
    settings,
    config,
    drivers: config.drivers.map(({ id }) => id),
    contacts: config.barriers.flatMap(({ closed, open }) => [closed, ...(open === undefined ? [] : [open])]),
    outputs: [
      ...config.annunciators.flatMap(({ points }) => points),
      ...config.barriers.flatMap(({ drive }) => (drive.kind === "demand" ? [drive.point] : [])),
    ],
  };
}

/** What the seed lets happen. */
export function scenarioOf(seed: number, extent: Extent): Scenario {
  const site = siteOfSeed(seed);
  return { site, seed, spanMs: extent.spanMs, happenings: draw(seed, extent, targetsOf(exampleOf(site))) };
}

export async function runScenario(
  { site: name, seed, spanMs, happenings: drawn }: Scenario,
  plants: Plants = noPlants,
): Promise<Outcome> {
  const example = exampleOf(name);
  const { config } = example;
  const healedAt = Math.max(spanMs, ...drawn.map(endOf));
  const ending: readonly [Kind, number][] = [
    ["restore", tailMs.restored],
    ["tidy", tailMs.tidied],
    ["tidy", tailMs.tidiedAgain],
    ["restore", tailMs.restoredAgain],
  ];
  const tidied = ending.map(([kind, ms]): Happening => ({ at: healedAt + ms, kind, forMs: 1 }));
  const happenings = [...drawn, ...tidied];
  const world = createWorld();
  const tail: string[] = [];
  const counts = { incidents: 0 };
  let violation: Violation | null = null;
  const log = (line: string) => {
    tail.push(`${(world.now() / 1000).toFixed(3)} ${line}`);
    if (tail.length > tailLinesMax) tail.shift();
  };
  const site = createSite({
    world,
    seed,
    example,
    plants,
    watch: {
      facts(entries) {
        const facts = entries.map(({ fact }) => fact);
        for (const { type, subject, data } of facts) {
          if (type !== "health.sampled") log(`${type} ${subject} ${JSON.stringify(data).slice(0, 160)}`);
          if (type === "incident.opened") counts.incidents += 1;
        }
        records.stated(facts.length);
        steps.facts(facts);
        alarms.facts(facts);
        orders.facts(entries);
      },
      handed: (drafts) => memory.handed(drafts),
      settled(drafts, appended) {
        memory.settled(drafts, appended);
        records.durable(appended.records);
      },
      wrote(request) {
        log(`write ${request.point} ${String(request.value)}`);
        outputs.wrote(request);
      },
      trouble(trouble) {
        log(`${trouble.code} ${trouble.place}: ${trouble.detail}`);
        records.trouble(trouble);
      },
      async opened(journal, durable) {
        const kept: JournalRecord[] = [];
        for await (const record of journal.replay()) kept.push(record);
        await records.opened(journal, kept);
        memory.opened(kept, durable);
      },
      died(diskKept) {
        log(`--- box dies, disk cache ${diskKept ? "kept" : "lost"}`);
        records.died();
      },
      started(box: Box) {
        log("--- box started");
        steps.started(box);
        alarms.started();
        outputs.started();
      },
      stored: (rows) => records.stored(rows),
      restored: (rows) => records.restored(rows),
      ordered(act) {
        log(`+++ ${JSON.stringify(act).slice(0, 160)}`);
        orders.ordered(act);
      },
      hubTrouble: (detail) => records.hubTrouble(detail),
    },
  });
  const scene: Scene = {
    world,
    site,
    example,
    config,
    happenings,
    violate(rule, detail) {
      violation ??= { rule, detail, at: world.now() };
    },
  };
  const records = createRecordRules(scene);
  const memory = createMemoryRule(scene);
  const steps = createStepRules(scene);
  const alarms = createAlarmRules(scene);
  const orders = createOrderRules(scene);
  const outputs = createOutputRules(scene);

  const effects = effectsOn(site, example, world);
  for (const happening of happenings) {
    const effect = effects[happening.kind];
    world.at(happening.at, () => {
      log(`*** ${happening.kind} ${happening.target ?? ""}`);
      effect.begin(happening);
    });
    if (effect.heal !== undefined) world.at(happening.at + happening.forMs, () => effect.heal?.(happening));
  }
  const look = () => {
    records.look();
    world.at(world.now() + lookEveryMs, look);
  };
  world.at(lookEveryMs, look);
  world.at(0, site.start);
  const hasChanged = watchChanges(site, world);
  await world.run(healedAt + tailMs.end, () => {
    if (hasChanged()) for (const rules of [steps, alarms, orders, outputs]) rules.check();
    return violation === null;
  });
  if (violation === null) {
    atRest(scene);
    records.finish();
  }
  return { violation, events: world.events(), ...records.counts(), ...counts, tail };
}

/** Most events change nothing that a rule looks at. */
function watchChanges(site: SimulatedSite, world: World): () => boolean {
  let seen: readonly unknown[] = [];
  return () => {
    const box = site.box();
    const now = [box, box?.runner.state(), site.field.plant(), Math.floor(world.now() / lookAtLeastMs)];
    const isNew = now.some((each, at) => each !== seen[at]);
    seen = now;
    return isNew;
  };
}

/** After the tail: healed, tidied up, nothing stands any more. */
function atRest({ site, violate }: Scene): void {
  const durable = site.box()?.runner.state().durable;
  if (durable === undefined) {
    violate("comes-to-rest", "the box does not run");
    return;
  }
  const open = Object.values(durable.incidents);
  if (open.length > 0) violate("comes-to-rest", `incidents are open: ${JSON.stringify(open)}`);
  const lost = Object.keys(durable.lost);
  if (lost.length > 0) violate("comes-to-rest", `points are lost: ${lost.join(" ")}`);
  const restless = Object.entries(durable.zones).filter(([, { state }]) => state !== "normal");
  if (restless.length > 0) violate("comes-to-rest", `zones are not normal: ${JSON.stringify(restless)}`);
  // One that a restart left between stays there until a person moves it (rule 5).
  const rest = ["open", "closed", "unknown"];
  const barriers = Object.entries(durable.barriers).filter(([, state]) => !rest.includes(state));
  if (barriers.length > 0) violate("comes-to-rest", `barriers are not at rest: ${JSON.stringify(barriers)}`);
}
