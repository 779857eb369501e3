// A checked configuration takes the place of the present one (rule 12): what did not change goes on as it was, what is new starts
// unheard, what is gone is forgotten. Latches, lock-downs and incidents stay.
import { initialZoneWork } from "../detection/zone.js";
import { initialDurable } from "../incident/durable.js";
import type { Durable } from "../model/durable.js";
import { panelOutputs } from "../model/panel.js";
import { type EdgeConfig, pointsOf } from "../model/site.js";
import type { Stamp } from "../model/time.js";
import { type BarrierWork, initialBarrierWork } from "../response/barrier.js";
import { failSafePoints } from "../response/fail-safe.js";
import { switchedOutputs } from "../response/outputs.js";
import { zoneDevice } from "../response/walks.js";
import { indexOf } from "./index-of.js";
import { panelOf } from "./panel.js";
import { selfWatchAt } from "./self-watch.js";
import type { State, Transient } from "./turn.js";

/** `config` passed every check; never throws. */
export function reconfigure({ config: old, durable, transient }: State, config: EdgeConfig, now: Stamp): State {
  const kept = carryOver(durable, config);
  const same = unchanged(old, config);
  const zones = config.zones.map(({ id }) => [id, same.zones.has(id) ? transient.zones[id] : undefined] as const);
  const readings = only(transient.readings, same.points);
  const unheard = config.zones.filter(({ id }) => !same.zones.has(id));
  return {
    config,
    index: indexOf(config),
    durable: kept,
    transient: {
      ...transient,
      readings,
      panel: panelOf(config, readings, transient.panel),
      outputs: only(transient.outputs, same.points),
      abandoned: abandonedBy(transient, config),
      linksDown: only(transient.linksDown, new Set(config.drivers.map(({ id }) => id))),
      zones: Object.fromEntries(zones.map(([id, work]) => [id, work ?? initialZoneWork()])),
      ripening: only(transient.ripening, same.zones),
      blindSince: {
        ...only(transient.blindSince, same.zones),
        ...Object.fromEntries(unheard.map(({ id }) => [id, now.mono])),
      },
      barriers: barriersOf({ transient, durable: kept }, config, same.barriers),
      clocks: { dueAt: Number.NEGATIVE_INFINITY, seen: null, armed: null, out: null, walkTest: null },
      watched: only(transient.watched, same.zones),
      // Where no relay waited for it nobody has asked to be called: there is nothing to be late for.
      self:
        old.failSafe?.healthy === undefined
          ? { ...transient.self, dueAt: selfWatchAt(now.mono).dueAt }
          : transient.self,
    },
  };
}

type Ids = ReadonlySet<string>;

/** A siren that sounds or a gate that runs must not go on without anybody who could end it; what is not wired any more is out of reach. */
function abandonedBy({ outputs, abandoned }: Transient, config: EdgeConfig): readonly string[] {
  const switched = new Set([
    ...switchedOutputs(config),
    ...failSafePoints(config),
    ...panelOutputs(config.panel ?? {}),
  ]);
  const wired = new Set(pointsOf(config).map(({ id }) => id));
  const on = Object.entries(outputs).flatMap(([point, { wanted }]) => (wanted === true ? [point] : []));
  return [...new Set([...abandoned, ...on])].filter((point) => wired.has(point) && !switched.has(point));
}

/** Things that read and mean the same as before: themselves unchanged, and all their points on an unchanged driver. */
function unchanged(old: EdgeConfig, config: EdgeConfig): { points: Ids; zones: Ids; barriers: Ids } {
  const drivers = sameIds(old.drivers, config.drivers);
  const points = pointsOf({ ...config, drivers: config.drivers.filter(({ id }) => drivers.has(id)) });
  const known = new Set(points.map(({ id }) => id));
  const wired = new Set(pointsOf(config).map(({ id }) => id));
  const isWhole = (thing: object) => textsIn(thing).every((text) => !wired.has(text) || known.has(text));
  const whole = <T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): Ids => {
    const same = sameIds(before, after);
    return new Set(after.filter((each) => same.has(each.id) && isWhole(each)).map(({ id }) => id));
  };
  return { points: known, zones: whole(old.zones, config.zones), barriers: whole(old.barriers, config.barriers) };
}

/** Every text in a thing's settings; those that name a point are its wiring. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function sameIds<T extends { readonly id: string }>(before: readonly T[], after: readonly T[]): Ids {
  const texts = new Map(before.map((each) => [each.id, JSON.stringify(each)]));
  return new Set(after.filter((each) => texts.get(each.id) === JSON.stringify(each)).map(({ id }) => id));
}

function barriersOf(
  { transient, durable }: Pick<State, "transient" | "durable">,
  config: EdgeConfig,
  same: Ids,
): Transient["barriers"] {
  const works = config.barriers.map(({ id }) => {
    const known = transient.barriers[id];
    if (known !== undefined && same.has(id)) return [id, known] as const;
    const work = barrierAtStart(durable, id);
    // What a technician had set in motion must not go on without him.
    const stop = { write: null, againAt: Number.NEGATIVE_INFINITY, tries: 0 };
    return [id, (known?.driveRun ?? null) === null ? work : { ...work, stop }] as const;
  });
  return Object.fromEntries(works);
}

/** One that was closed when it was last seen has moved meanwhile if it is not closed now. */
export function barrierAtStart({ barriers }: Durable, id: string): BarrierWork {
  return barriers[id] === "closed" ? { ...initialBarrierWork, position: "closed" } : initialBarrierWork;
}

/** New areas begin as the configuration says; what is known of things that are gone goes with them. */
export function carryOver(durable: Durable, config: EdgeConfig): Durable {
  const ids = (things: readonly { readonly id: string }[]): Ids => new Set(things.map(({ id }) => id));
  const [areas, zones, barriers] = [ids(config.areas), ids(config.zones), ids(config.barriers)];
  return {
    ...durable,
    armed: { ...initialDurable(config).armed, ...only(durable.armed, areas) },
    entries: Object.fromEntries(
      Object.entries(durable.entries).filter(([area, { detection }]) => areas.has(area) && zones.has(detection.zone)),
    ),
    arming: only(durable.arming, areas),
    zones: only(durable.zones, zones),
    out: only(durable.out, zones),
    walked: only(durable.walked, zones),
    walkAsked: only(durable.walkAsked, new Set([...zones].map(zoneDevice))),
    soundTest: config.annunciators.some(({ id }) => id === durable.soundTest?.annunciator) ? durable.soundTest : null,
    preAlarms: only(durable.preAlarms, zones),
    barriers: only(durable.barriers, barriers),
    passes: only(durable.passes, barriers),
    lockDowns: only(durable.lockDowns, ids(config.groups)),
    annunciators: only(durable.annunciators, ids(config.annunciators)),
    silenced: only(durable.silenced, ids(config.annunciators)),
    lost: only(durable.lost, ids(pointsOf(config))),
  };
}

function only<T>(entries: Readonly<Record<string, T>>, ids: Ids): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).filter(([id]) => ids.has(id)));
}
