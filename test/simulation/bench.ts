// A box whose devices no simulator models, on the bench: every contact a switch, every loop its resistors, every measured value
// right or wrong, every gate as far open as its relays have driven it.
import type { PointValue } from "../../edge/model/point.js";
import type { BarrierConfig, EdgeConfig } from "../../edge/model/site.js";
import { lineLevel } from "../../simulators/plant/line.js";
import type { PlantSettings, Stimulus } from "../../simulators/plant/plant.js";
import type { WiredPoint } from "./points.js";

/** A loop without an alarm resistor is open in alarm. */
const openOhms = 1e9;
/** The plant has no such board: something to come, so that the gate is looked at when it has arrived. */
const arrival: Stimulus = { kind: "board", id: "", trouble: "noises" };

type Point = EdgeConfig["drivers"][number]["points"][number];

const pointsOf = ({ drivers }: EdgeConfig) =>
  drivers.flatMap((driver) => driver.points.map((point): [string, Point] => [driver.id, point]));
const isAnalog = (point: Point) => "signal" in point && point.signal === "analog";

export function benchSettings(config: EdgeConfig): PlantSettings {
  const points = pointsOf(config).map(([, point]) => point);
  const inputs = points.filter((point) => point.direction === "in" && !isAnalog(point));
  const loops = config.zones.flatMap((zone) =>
    "loop" in zone && zone.loop !== undefined ? [[zone.point, { alarmOhms: openOhms, ...zone.loop }] as const] : [],
  );
  return {
    bollards: {},
    approachLoops: [],
    lines: Object.fromEntries(loops),
    buttons: Object.fromEntries(inputs.map(({ id }) => [id, "contact"])),
    relays: points.filter(({ direction }) => direction === "out").map(({ id }) => id),
    boards: [],
    fibres: {},
    beams: [],
    rush: null,
  };
}

/** New gates, all open, for one run. */
export function wireBench(config: EdgeConfig, settings: PlantSettings): readonly WiredPoint[] {
  const gates = config.barriers.map(gateOf);
  return pointsOf(config).map(([driver, point]) => {
    const { id, latencyMs = 0 } = point;
    const common = { id, driver, latencyMs, device: null, of: id, isLevel: false };
    const gate = gates.find(({ reads }) => id in reads);
    if (gate !== undefined) return { ...common, read: gate.reads[id] as WiredPoint["read"], act: null };
    if (point.direction === "out") return { ...common, ...relayOf(id, gates) };
    return { ...common, read: isAnalog(point) ? loopOf(id, settings) : inputOf(config, id), act: null };
  });
}

interface Gate {
  readonly reads: Readonly<Record<string, WiredPoint["read"]>>;
  /** A relay has switched; says when the gate arrives. */
  readonly drive: (point: string, on: boolean, now: number) => number | null;
}

function gateOf({ drive, closed, open, travelMs }: BarrierConfig): Gate {
  if (drive.kind === "lock") {
    return { reads: { [closed]: (plant) => plant.relays[drive.lock] ?? false }, drive: () => null };
  }
  let at = { position: 0, since: 0, way: 0 };
  const positionAt = (now: number) => Math.min(1, Math.max(0, at.position + (at.way * (now - at.since)) / travelMs));
  const reads = {
    [closed]: (plant: { readonly now: number }) => positionAt(plant.now) === 1,
    ...(open === undefined ? {} : { [open]: (plant: { readonly now: number }) => positionAt(plant.now) === 0 }),
  };
  return {
    reads,
    drive(point, on, now) {
      const way = drive.kind === "relays" && on ? Number(point === drive.close) - Number(point === drive.open) : 0;
      if (way === 0) return null;
      at = { position: positionAt(now), since: now, way };
      return travelMs + 1;
    },
  };
}

function relayOf(id: string, gates: readonly Gate[]): Pick<WiredPoint, "read" | "act"> {
  return {
    read: (plant) => plant.relays[id] ?? false,
    act(value, now) {
      const on = value !== false && value !== "";
      const arrivals = gates.flatMap((gate) => gate.drive(id, on, now) ?? []);
      return [[0, { kind: "relay", id, on }], ...arrivals.map((afterMs) => [afterMs, arrival] as const)];
    },
  };
}

function loopOf(id: string, { lines }: PlantSettings): WiredPoint["read"] {
  return (plant) => {
    const [state, own] = [plant.lines[id], lines[id]];
    return state === undefined || own === undefined ? null : lineLevel(state, own, 1023);
  };
}

/** A switch that is thrown makes the zone speak, whatever rest means there. */
function inputOf({ zones }: EdgeConfig, id: string): WiredPoint["read"] {
  const zone = zones.find((known) => "point" in known && known.point === id);
  const rest: PointValue = zone !== undefined && "normally" in zone && zone.normally === "closed";
  if (zone === undefined || !("hysteresis" in zone)) return (plant) => (plant.buttons[id] === true ? !rest : rest);
  const { high = Number.POSITIVE_INFINITY, low = Number.NEGATIVE_INFINITY, hysteresis } = zone;
  const isLow = !Number.isFinite(high);
  const [wrong, right] = isLow ? [low - 1, low + 3 * hysteresis] : [high + 1, high - 3 * hysteresis];
  return (plant) => (plant.buttons[id] === true ? wrong : right);
}
