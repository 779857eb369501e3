// The site on which a step is measured: 212 points over four drivers, 149 zones of mixed kinds, 20 barriers in four groups.
import type { BarrierConfig, EdgeConfig } from "../../edge/model/site.js";
import type { Text } from "../../edge/model/text.js";
import type { DriverConfig, PointConfig } from "../../edge/model/wiring.js";
import type { ZoneConfig } from "../../edge/model/zone.js";

const counts = { contacts: 100, beams: 25, loops: 15, fibres: 4, supplies: 5, barriers: 20, groups: 4 } as const;
const areas = 10;

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const called = (name: string): Text => ({ zh: name, en: name });
const areaOf = (index: number): string => `area-${index % areas}`;
const input = (id: string): PointConfig => ({ id, direction: "in", latencyMs: 40 });
const output = (id: string): PointConfig => ({ id, direction: "out" });

/** A box of that size; every point of it is of one kind with its driver, and none is wired twice. */
export function benchSite(): EdgeConfig {
  return {
    id: "bench",
    name: called("bench"),
    http: { host: "127.0.0.1", port: 0 },
    drivers: drivers(),
    areas: range(areas).map((index) => ({
      id: areaOf(index),
      name: called(areaOf(index)),
      kind: "perimeter",
      armedAtStart: true,
    })),
    zones: zones(),
    barriers: range(counts.barriers).map(barrier),
    groups: range(counts.groups).map((group) => ({
      id: `group-${group}`,
      name: called(`group-${group}`),
      barriers: range(counts.barriers)
        .filter((index) => index % counts.groups === group)
        .map((index) => `barrier-${index}`),
      staggerMs: 500,
    })),
    annunciators: [
      { id: "siren", name: called("siren"), kind: "siren-strobe", points: ["siren", "strobe"], soundMsMax: 180_000 },
    ],
    responses: [
      {
        id: "intrusion",
        name: called("intrusion"),
        on: [{ zoneKind: "door-contact" }, { zoneKind: "infrared-beam" }, { zoneKind: "vibration-fibre" }],
        steps: [{ id: "siren", kind: "announce", annunciator: "siren", withinMs: 5_000 }],
      },
      {
        id: "lock-down",
        name: called("lock-down"),
        on: [{ command: "lock-down" }],
        steps: range(counts.groups).map((group) => ({
          id: `close-${group}`,
          kind: "close",
          group: `group-${group}`,
          mode: "normal",
          withinMs: 30_000,
        })),
      },
    ],
    journal: { retentionDays: 90, quotaMiB: 512, reserveMiB: 64 },
    settleMs: 3_000,
  };
}

function drivers(): readonly DriverConfig[] {
  const contacts = range(counts.contacts).map((index) => input(`contact-${index}`));
  const outer = [
    ...range(counts.beams).map((index) => input(`beam-${index}`)),
    ...range(counts.fibres).map((index) => input(`fibre-${index}`)),
  ];
  const board = [
    ...range(counts.loops).map((index) => input(`loop-${index}`)),
    ...range(counts.supplies).map((index) => input(`supply-${index}`)),
    output("siren"),
    output("strobe"),
    input("lock-out"),
  ];
  const drives = range(counts.barriers).flatMap((index) => [
    input(`barrier-${index}-closed`),
    input(`barrier-${index}-open`),
    output(`barrier-${index}-demand`),
  ]);
  return [
    {
      id: "gpio",
      kind: "gpio",
      chip: "bench",
      points: contacts.map((point, line) => ({ ...point, line, debounceUs: 1_000 })),
    },
    {
      id: "field",
      kind: "mqtt",
      url: "mqtt://bench",
      devices: [{ id: "field", aliveTopic: "alive", silentAfterMs: 10_000 }],
      points: outer.map((point) => ({ ...point, device: "field", topic: point.id, payload: "plain" })),
    },
    {
      id: "board",
      kind: "firmata",
      transport: { kind: "tcp", host: "bench", port: 0 },
      samplingMs: 20,
      points: board.map((point, pin) => ({ ...point, pin, signal: point.direction === "in" ? "digital" : "relay" })),
    },
    {
      id: "drives",
      kind: "opcua",
      endpoint: "opc.tcp://bench",
      security: { mode: "none" },
      samplingMs: 50,
      publishingMs: 100,
      heartbeat: "ns=1;s=Heartbeat",
      watchdogMs: 5_000,
      points: drives.map((point) => ({
        ...point,
        node: `ns=1;s=${point.id}`,
        type: point.direction === "in" ? "boolean" : "string",
      })),
    },
  ];
}

function zones(): readonly ZoneConfig[] {
  const base = (id: string, index: number) => ({ id, name: called(id), area: areaOf(index), point: id });
  return [
    ...range(counts.contacts).map(
      (index): ZoneConfig => ({ ...base(`contact-${index}`, index), kind: "door-contact", filterMs: 400 }),
    ),
    ...range(counts.beams).map(
      (index): ZoneConfig => ({ ...base(`beam-${index}`, index), kind: "infrared-beam", filterMs: 40 }),
    ),
    ...range(counts.loops).map(
      (index): ZoneConfig => ({ ...base(`loop-${index}`, index), kind: "vehicle-loop", filterMs: 200 }),
    ),
    ...range(counts.supplies).map(
      (index): ZoneConfig => ({
        ...base(`supply-${index}`, index),
        kind: "power",
        supply: "sensor-supply",
        filterMs: 1_000,
      }),
    ),
    ...range(counts.fibres).map((index): ZoneConfig => {
      const { point: level, ...rest } = base(`fibre-${index}`, index);
      return { ...rest, kind: "vibration-fibre", level, settings: fibreSettings };
    }),
  ];
}

const fibreSettings = {
  baselineMs: 60_000,
  threshold: 4,
  levelFloor: 0.05,
  eventCount: 3,
  eventWindowMs: 10_000,
  maskMs: 300,
  sustainedMs: 2_000,
  windReject: 2,
} as const;

function barrier(index: number): BarrierConfig {
  const id = `barrier-${index}`;
  return {
    id,
    name: called(id),
    area: areaOf(index),
    kind: "rising-bollard",
    entrance: index < 4 ? "main" : "other",
    drive: { kind: "demand", point: `${id}-demand`, close: "close", open: "open", stop: "stop" },
    closed: `${id}-closed`,
    open: `${id}-open`,
    lockOut: "lock-out",
    interlocks: [`loop-${index % counts.loops}`],
    travelMs: 6_000,
    warnMs: 3_000,
    clearMs: 2_000,
    onFire: "hold",
    afterStandDown: "open",
  };
}
