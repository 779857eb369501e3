// portcullis commission walk: begins, watches and ends a walk test at a running box, and shows what the last ones gave.
import { Command } from "commander";
import type { SiteReply } from "../../../edge/commissioning/questions/site.js";
import type { WalkReply } from "../../../edge/commissioning/questions/walk.js";
import { refusal } from "../../../edge/model/error.js";
import type { Language } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { momentText, say } from "../../sentences.js";
import { run } from "../../terminal.js";
import { wholeNumber } from "../../whole-number.js";

interface StartOptions extends SessionOptions {
  readonly zones?: readonly string[];
  readonly areas?: readonly string[];
  readonly minutes: string;
}

const minuteMs = 60_000;

const texts = {
  time: { zh: "到时结束", en: "ended by its time" },
  "level-1": { zh: "因非常态一级结束", en: "ended by posture level 1" },
  person: { zh: "由 {by} 结束", en: "ended by {by}" },
} as const;

export function walkCommand(): Command {
  const base = (name: string, description: string) => {
    const command = new Command(name).description(description);
    for (const [flags, what, initial] of sessionOptions) command.option(flags, what, initial);
    return command;
  };
  return new Command("walk")
    .description("walk test: trigger each detector by hand 步行测试")
    .addCommand(
      base("start", "begin; other zones stay on guard 开始")
        .option("--zones <zone...>", "zones to walk; all detectors that are armed with their area unless given 防区")
        .option("--areas <area...>", "or all such detectors of these areas 区域")
        .option("--minutes <number>", "ends by itself after, up to 720 时长（分钟）", "60")
        .action((options: StartOptions) => run(() => withSession(options, (session) => start(session, options)))),
    )
    .addCommand(
      base("status", "what was triggered, what is left, what is due 状态").action((options: SessionOptions) =>
        run(() => withSession(options, (session) => status(session, options))),
      ),
    )
    .addCommand(
      base("end", "end it, and say what was not triggered 结束").action((options: SessionOptions) =>
        run(() => withSession(options, (session) => end(session, options))),
      ),
    )
    .addCommand(
      base("results", "what the last tests gave 结果").action((options: SessionOptions) =>
        run(() => withSession(options, (session) => results(session, options))),
      ),
    );
}

const look = (session: BoxSession) => session.call<WalkReply>("GET", "/api/v1/walk-test");
const order = (session: BoxSession, act: object) =>
  session.call("POST", "/api/v1/commands", { act, reason: "commission walk" });

async function start(session: BoxSession, options: StartOptions): Promise<void> {
  const [{ zones: known }, site] = await Promise.all([look(session), session.call<SiteReply>("GET", "/api/v1/site")]);
  const zones = chosenZones(options, known, site);
  await order(session, { kind: "start-walk-test", zones, forMs: wholeNumber("minutes", options.minutes) * minuteMs });
  await status(session, options);
}

/** What is named is taken as it is, so that the box says what is wrong with it. @throws PortcullisError where nothing is left */
export function chosenZones(
  { zones, areas }: Pick<StartOptions, "zones" | "areas">,
  known: WalkReply["zones"],
  site: Pick<SiteReply, "areas" | "zones">,
): readonly string[] {
  const unknown = areas?.find((area) => !site.areas.some(({ id }) => id === area));
  if (unknown !== undefined) throw refusal("command.unknown-target", "--areas", unknown);
  const walkable = known.filter(({ withArea }) => withArea).map(({ zone }) => zone);
  const inAreas = site.zones.filter(({ area }) => areas?.includes(area)).map(({ id }) => id);
  const ofAreas = areas === undefined && zones !== undefined ? [] : walkable;
  const chosen = [...(zones ?? []), ...ofAreas.filter((zone) => areas === undefined || inAreas.includes(zone))];
  if (chosen.length === 0) throw refusal("command.unknown-target", "--areas", areas?.join() ?? "");
  return [...new Set(chosen)];
}

async function status(session: BoxSession, { json, language }: SessionOptions): Promise<void> {
  const reply = await look(session);
  if (json === true) console.log(JSON.stringify(reply, null, 2));
  else for (const line of statusLines(reply, languageOf(language))) console.log(line);
}

async function end(session: BoxSession, options: SessionOptions): Promise<void> {
  await order(session, { kind: "end-walk-test" });
  const { tests } = await look(session);
  const ended = tests.slice(0, 1);
  if (options.json === true) console.log(JSON.stringify(ended[0] ?? null, null, 2));
  else for (const line of resultLines(ended, languageOf(options.language))) console.log(line);
}

async function results(session: BoxSession, { json, language }: SessionOptions): Promise<void> {
  const { tests } = await look(session);
  if (json === true) console.log(JSON.stringify(tests, null, 2));
  else for (const line of resultLines(tests, languageOf(language))) console.log(line);
}

const ms = (value: number | null) => (value === null ? "-" : `${value} ms`);

export function statusLines({ running, zones }: WalkReply, language: Language): readonly string[] {
  const due = zones
    .filter(({ dueInMs }) => dueInMs !== null && dueInMs <= 0)
    .map(({ zone }) => `! ${zone}  ${language === "zh" ? "步行测试到期" : "walk test is due"}`);
  if (running === null) return [...due, language === "zh" ? "没有进行中的步行测试。" : "No walk test runs."];
  const { person, leftMs } = running;
  const minutes = Math.ceil(leftMs / minuteMs);
  const head = language === "zh" ? `${person}：剩余 ${minutes} 分钟` : `${person}: ${minutes} min left`;
  return [
    head,
    ...running.zones.map(({ zone, hits, worstMs, worstHeardMs }) => {
      return `${hits > 0 ? "✓" : "·"} ${zone}  ${hits}  ${ms(worstMs)}  ${ms(worstHeardMs)}`;
    }),
    ...due,
  ];
}

/** A person, its time, or the posture level that ends every test. */
function endText(endedBy: string, language: Language): string {
  const words = say(texts, language);
  return endedBy === "time" || endedBy === "level-1" ? words(endedBy) : words("person", { by: endedBy });
}

export function resultLines(tests: WalkReply["tests"], language: Language): readonly string[] {
  if (tests.length === 0) return [language === "zh" ? "还没有步行测试。" : "There has been no walk test."];
  return tests.flatMap(({ at, person, endedBy, zones }) => [
    `${momentText(at)}  ${person}  ${endText(endedBy, language)}`,
    ...Object.entries(zones).map(([zone, { hits, worstMs, worstHeardMs, result }]) => {
      const words = { zh: "未触发", en: "not triggered" };
      const mark = result === "passed" ? `✓ ${zone}  ${hits}` : `✗ ${zone}  ${words[language]}`;
      return result === "passed" ? `  ${mark}  ${ms(worstMs)}  ${ms(worstHeardMs)}` : `  ${mark}`;
    }),
  ]);
}
