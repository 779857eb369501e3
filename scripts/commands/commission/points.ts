// portcullis commission points: every point of a running box with its value, quality and age.
import { Command } from "commander";
import { qualityTexts } from "../../../edge/commissioning/point-words.js";
import type { PointNow, PointsReply, SeenValue } from "../../../edge/commissioning/questions/points.js";
import type { Language } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { say, type Values } from "../../sentences.js";
import { run } from "../../terminal.js";

interface PointsOptions extends SessionOptions {
  readonly watch?: boolean;
}

const watchEveryMs = 500;

const texts = {
  in: { zh: "输入", en: "input" },
  out: { zh: "输出", en: "output" },
  down: { zh: "{driver}（设备断开）", en: "{driver} (device away)" },
  never: { zh: "尚未收到", en: "not heard of" },
  age: { zh: "{n} 秒前", en: "{n} s ago" },
  block: { zh: "{count} 个值，{least} 至 {greatest}", en: "{count} values, {least} to {greatest}" },
} as const;

export function pointsCommand(): Command {
  const points = new Command("points").description("points with value, quality and age 点位");
  for (const [flags, description, initial] of sessionOptions) points.option(flags, description, initial);
  return points
    .option("--watch", "go on, and print what changes, until it is ended 持续显示变化")
    .action((options: PointsOptions) => run(() => withSession(options, (session) => tell(session, options))));
}

async function tell(session: BoxSession, { json, watch, language }: PointsOptions): Promise<void> {
  const before = new Map<string, string>();
  for (;;) {
    const { points } = await session.call<PointsReply>("GET", "/api/v1/points");
    if (json === true && watch !== true) return console.log(JSON.stringify(points, null, 2));
    for (const point of points) {
      const seen = `${point.quality}/${JSON.stringify(point.value)}/${point.driverUp}`;
      if (before.get(point.point) === seen) continue;
      before.set(point.point, seen);
      console.log(json === true ? JSON.stringify(point) : pointLine(point, languageOf(language)));
    }
    if (watch !== true) return;
    await new Promise((resolve) => setTimeout(resolve, watchEveryMs));
  }
}

/** Point, direction, driver, value, quality, age, and who uses it. */
export function pointLine(now: PointNow, language: Language): string {
  const { point, direction, driver, driverUp, zones, barriers, quality, value, ageMs } = now;
  const words = say(texts, language);
  const age = ageMs === null ? "–" : words("age", { n: (ageMs / 1000).toFixed(1) });
  const used = [...zones, ...barriers].join(language === "zh" ? "、" : ", ") || "–";
  const link = driverUp ? driver : words("down", { driver });
  const seen = quality === null ? words("never") : qualityTexts[quality][language];
  return [point, words(direction), link, valueText(value, words), seen, age, used].join("  ");
}

function valueText(value: SeenValue, words: (key: "block", values: Values) => string): string {
  if (value === null) return "–";
  return typeof value === "object" ? words("block", { ...value }) : String(value);
}
