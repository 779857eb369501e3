// portcullis commission points: every point of a running box with its value, quality and age.
import { Command } from "commander";
import type { PointNow, PointsReply, SeenValue } from "../../../edge/commissioning/questions/points.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { run } from "../../terminal.js";

interface PointsOptions extends SessionOptions {
  readonly watch?: boolean;
}

const watchEveryMs = 500;

export function pointsCommand(): Command {
  const points = new Command("points").description("points with value, quality and age 点位");
  for (const [flags, description, initial] of sessionOptions) points.option(flags, description, initial);
  return points
    .option("--watch", "go on, and print what changes, until it is ended")
    .action((options: PointsOptions) => run(() => withSession(options, (session) => tell(session, options))));
}

async function tell(session: BoxSession, { json, watch }: PointsOptions): Promise<void> {
  const before = new Map<string, string>();
  for (;;) {
    const { points } = await session.call<PointsReply>("GET", "/api/v1/points");
    if (json === true && watch !== true) return console.log(JSON.stringify(points, null, 2));
    for (const point of points) {
      const seen = `${point.quality}/${JSON.stringify(point.value)}/${point.driverUp}`;
      if (before.get(point.point) === seen) continue;
      before.set(point.point, seen);
      console.log(json === true ? JSON.stringify(point) : lineOf(point));
    }
    if (watch !== true) return;
    await new Promise((resolve) => setTimeout(resolve, watchEveryMs));
  }
}

function lineOf({ point, direction, driver, driverUp, zones, barriers, quality, value, ageMs }: PointNow): string {
  const age = ageMs === null ? "-" : `${(ageMs / 1000).toFixed(1)} s`;
  const used = [...zones, ...barriers].join(",") || "-";
  const link = driverUp ? driver : `${driver} (down)`;
  return [point, direction, link, valueText(value), quality ?? "not-heard", age, used].join("  ");
}

function valueText(value: SeenValue): string {
  if (value === null) return "-";
  return typeof value === "object" ? `${value.count} values, ${value.least} to ${value.greatest}` : String(value);
}
