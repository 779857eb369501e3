// Lists what a configuration refers to: every use of a point, and every use of an id that is no point. Read by the reference checks.
import { type PanelConfig, panelLamps } from "../edge/model/panel.js";
import type { ChannelConfig, ResponseConfig, StepConfig } from "../edge/model/plan.js";
import type { BarrierConfig, EdgeConfig, FailSafeConfig, WalkTestConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import { type ZoneConfig, zonePointKeys } from "../edge/model/zone.js";
import type { Path } from "./trouble.js";

/** What a point carries. */
export type Signal = "boolean" | "number" | "text" | "level";

/** One use of a point by a zone, or by something that acts. */
export interface PointUse {
  readonly path: Path;
  readonly id: string;
  readonly direction: "in" | "out";
  readonly signal: Signal;
  /** Nothing else may use the point in this direction; uses of the same name are one use. */
  readonly exclusive?: string;
}

/** One use of an id that is no point. */
export interface ThingUse {
  readonly path: Path;
  readonly id: string;
  readonly among: keyof typeof things;
}

export const things = {
  areas: { zh: "区域", en: "area" },
  zones: { zh: "防区", en: "zone" },
  barriers: { zh: "阻车设施", en: "barrier" },
  groups: { zh: "编组", en: "group" },
  annunciators: { zh: "声光报警", en: "annunciator" },
  channels: { zh: "通知渠道", en: "channel" },
} as const satisfies Partial<Record<keyof EdgeConfig, Text>>;

/** Every use of a point, with its place under the box. */
export function pointUses(edge: EdgeConfig): PointUse[] {
  return [
    ...edge.zones.flatMap((zone, index) => prefix(["zones", index], zonePoints(zone))),
    ...edge.barriers.flatMap((barrier, index) => prefix(["barriers", index], barrierPoints(barrier))),
    ...edge.annunciators.flatMap((annunciator, index) =>
      prefix(
        ["annunciators", index],
        annunciator.points.map((id, at) => output(["points", at], id)),
      ),
    ),
    ...(edge.channels ?? []).flatMap((channel, index) => prefix(["channels", index], channelPoints(channel))),
    ...prefix(["failSafe"], failSafePoints(edge.failSafe ?? {})),
    ...prefix(["panel"], panelPoints(edge.panel ?? {})),
    ...prefix(["walkTest", "chirp"], chirpPoints(edge.walkTest)),
    ...edge.responses.flatMap((response, r) =>
      response.steps.flatMap((step, s) => prefix(["responses", r, "steps", s], stepPoints(step))),
    ),
  ];
}

const prefix = (path: Path, uses: readonly PointUse[]): PointUse[] =>
  uses.map((use) => ({ ...use, path: [...path, ...use.path] }));
const input = (path: Path, id: string | undefined, signal: Signal = "boolean"): PointUse[] =>
  id === undefined ? [] : [{ path, id, direction: "in", signal }];
const output = (path: Path, id: string, signal: Signal = "boolean"): PointUse => ({
  path,
  id,
  direction: "out",
  signal,
});

function zonePoints(zone: ZoneConfig): PointUse[] {
  const roles: Partial<Record<(typeof zonePointKeys)[number], string>> = zone;
  return zonePointKeys.flatMap((key) => input([key], roles[key], signalOf(zone, key)));
}

function signalOf(zone: ZoneConfig, key: (typeof zonePointKeys)[number]): Signal {
  if (key === "level") return "level";
  return key === "point" && ("hysteresis" in zone || ("loop" in zone && zone.loop !== undefined))
    ? "number"
    : "boolean";
}

function channelPoints(channel: ChannelConfig): PointUse[] {
  if (channel.kind === "hub") return [];
  return [
    { ...output(["point"], channel.point, channel.payload === "on" ? "boolean" : "text"), exclusive: channel.id },
  ];
}

function failSafePoints(failSafe: FailSafeConfig): PointUse[] {
  return (["alarm", "healthy"] as const).flatMap((key) => {
    const point = failSafe[key];
    return point === undefined ? [] : [{ ...output([key], point), exclusive: `failSafe ${key}` }];
  });
}

function panelPoints(panel: PanelConfig): PointUse[] {
  const keys = (panel.keys ?? []).flatMap(({ point }, index) => input(["keys", index, "point"], point));
  const buttons = (["silence", "reset"] as const).flatMap((key) => input([key], panel[key]));
  const lamps = panelLamps.flatMap((lamp) => {
    const point = panel.lamps?.[lamp];
    return point === undefined ? [] : [output(["lamps", lamp], point)];
  });
  return [...keys, ...buttons, ...lamps.map((use) => ({ ...use, exclusive: `panel ${use.path.join(".")}` }))];
}

function chirpPoints(walkTest: WalkTestConfig | undefined): PointUse[] {
  const chirp = walkTest?.chirp;
  return chirp?.kind === "point" ? [{ ...output(["point"], chirp.point), exclusive: "walkTest chirp" }] : [];
}

function stepPoints(step: StepConfig): PointUse[] {
  return step.kind === "switch" ? [{ ...output(["point"], step.point), exclusive: "switch" }] : [];
}

function barrierPoints(barrier: BarrierConfig): PointUse[] {
  const { signal, sounder } = barrier;
  const inputs = (["obstructed", "fault", "powerOk", "manual", "lockOut"] as const).flatMap((key) =>
    input([key], barrier[key]),
  );
  const own = [...driveOutputs(barrier.drive), ...input(["closed"], barrier.closed), ...input(["open"], barrier.open)];
  return [
    ...own.map((use) => ({ ...use, exclusive: `${barrier.id} ${use.path.join(".")}` })),
    ...inputs,
    ...barrier.interlocks.flatMap((id, at) => input(["interlocks", at], id)),
    ...(signal === undefined ? [] : [output(["signal", "red"], signal.red), output(["signal", "green"], signal.green)]),
    ...(sounder === undefined ? [] : [output(["sounder"], sounder)]),
  ];
}

function driveOutputs(drive: BarrierConfig["drive"]): PointUse[] {
  switch (drive.kind) {
    case "demand":
      return [output(["drive", "point"], drive.point, "text")];
    case "lock":
      return [output(["drive", "lock"], drive.lock)];
    case "relays": {
      const fast = drive.emergency === undefined ? [] : [output(["drive", "emergency"], drive.emergency)];
      return [output(["drive", "close"], drive.close), output(["drive", "open"], drive.open), ...fast];
    }
  }
}

const thing = (among: ThingUse["among"], id: string, ...path: Path): ThingUse => ({ among, id, path });

/** Every use of an id that is no point, with its place under the box. */
export function thingUses(edge: EdgeConfig): ThingUse[] {
  return [
    ...edge.zones.flatMap((zone, z) => [
      thing("areas", zone.area, "zones", z, "area"),
      ...("rushMs" in zone ? [thing("barriers", zone.barrier, "zones", z, "barrier")] : []),
    ]),
    ...edge.barriers.map((barrier, b) => thing("areas", barrier.area, "barriers", b, "area")),
    ...(edge.panel?.keys ?? []).flatMap((key, k) =>
      key.areas.map((id, at) => thing("areas", id, "panel", "keys", k, "areas", at)),
    ),
    ...(edge.journal.encryptedAreas ?? []).map((id, a) => thing("areas", id, "journal", "encryptedAreas", a)),
    ...(edge.fixtures ?? []).map((fixture, f) => thing("areas", fixture.area, "fixtures", f, "area")),
    ...edge.groups.flatMap((group, g) =>
      group.barriers.map((id, at) => thing("barriers", id, "groups", g, "barriers", at)),
    ),
    ...(edge.confirmations ?? []).flatMap((confirmation, c) =>
      confirmation.zones.map((id, at) => thing("zones", id, "confirmations", c, "zones", at)),
    ),
    ...chirpUses(edge.walkTest),
    ...(edge.duties ?? []).flatMap(({ device }, d) => deviceUses(device, ["duties", d, "device"])),
    ...edge.responses.flatMap((response, r) => responseUses(response, ["responses", r])),
  ];
}

function chirpUses(walkTest: WalkTestConfig | undefined): ThingUse[] {
  const chirp = walkTest?.chirp;
  return chirp?.kind === "annunciator"
    ? [thing("annunciators", chirp.annunciator, "walkTest", "chirp", "annunciator")]
    : [];
}

/** A device is named as work orders name it; what is neither a zone nor a barrier names nothing here. */
function deviceUses(device: string | undefined, path: Path): ThingUse[] {
  const [kind, id = ""] = device?.split(":") ?? [];
  if (kind === "zone") return [thing("zones", id, ...path)];
  return kind === "barrier" ? [thing("barriers", id, ...path)] : [];
}

function responseUses(response: ResponseConfig, path: Path): ThingUse[] {
  return [
    ...response.on.flatMap((trigger, t) => {
      if ("area" in trigger) return [thing("areas", trigger.area, ...path, "on", t, "area")];
      if (!("zones" in trigger)) return [];
      return trigger.zones.map((id, at) => thing("zones", id, ...path, "on", t, "zones", at));
    }),
    ...response.steps.flatMap((step, s) => stepUses(step, [...path, "steps", s])),
  ];
}

function stepUses(step: StepConfig, path: Path): ThingUse[] {
  const fallback =
    step.fallback !== undefined && "announce" in step.fallback
      ? [thing("annunciators", step.fallback.announce, ...path, "fallback", "announce")]
      : [];
  return [...targetUses(step, path), ...fallback];
}

function targetUses(step: StepConfig, path: Path): ThingUse[] {
  switch (step.kind) {
    case "announce":
      return [thing("annunciators", step.annunciator, ...path, "annunciator")];
    case "close":
    case "release":
      return [thing("groups", step.group, ...path, "group")];
    case "notify":
      return [thing("channels", step.channel, ...path, "channel")];
    case "switch":
    case "report":
      return [];
  }
}
