// portcullis commission vibration: trace, recordings, suggested settings and what-if of a vibration fibre at a running box.
import { Command, Option } from "commander";
import { causeTexts, verdictTexts } from "../../../config/words.js";
import type { SettingsView } from "../../../edge/commissioning/settings/told.js";
import type { Running } from "../../../edge/commissioning/vibration/job.js";
import {
  type RecordingHead,
  recordingLabels,
  type StoredRecording,
} from "../../../edge/commissioning/vibration/recording.js";
import type { BlockView } from "../../../edge/commissioning/vibration/replay.js";
import type {
  RecordingsView,
  SuggestionView,
  VibrationView,
  WhatIfView,
} from "../../../edge/commissioning/vibration/views.js";
import { refusal } from "../../../edge/model/error.js";
import type { Language } from "../../../edge/model/text.js";
import type { FibreSettings } from "../../../edge/model/zone.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { run } from "../../terminal.js";
import { wholeNumber } from "../../whole-number.js";
import { appliedText, progressText, recordingLine, sideLines, suggestionLines } from "./vibration-lines.js";

const pollEveryMs = 500;

interface TraceOptions extends SessionOptions {
  readonly watch?: boolean;
}
interface RecordOptions extends SessionOptions {
  readonly label: RecordingHead["label"];
  readonly seconds: string;
  readonly note: string;
  readonly blows?: string;
}
interface ListOptions extends SessionOptions {
  readonly remove?: string;
}
interface SuggestOptions extends SessionOptions {
  readonly recordings?: string;
  readonly apply?: string;
}
interface WhatIfOptions extends SessionOptions {
  readonly recording?: string;
  readonly set: readonly string[];
  readonly apply?: string;
}

const applyFlag = [
  "--apply <reason>",
  "put them in force; the reason stands in the journal 使其生效，原因记入日志",
] as const;
const pathOf = (zone: string, rest = "") => `/api/v1/zones/${encodeURIComponent(zone)}/vibration${rest}`;

export function vibrationCommand(): Command {
  const label = new Option("--label <label>", "what is done at the fence 围栏上的动作").choices([...recordingLabels]);
  const set = new Option("--set <key=value>", "a setting to change; may be given several times 修改的设置")
    .argParser((given: string, before: readonly string[]) => [...before, given])
    .default([]);
  return new Command("vibration")
    .description("trace, record and tune a vibration fibre 振动光纤调试")
    .addCommand(
      sub("trace", "level, baseline and threshold of each block 实时曲线")
        .option("--watch", "go on until it is ended 持续显示")
        .action((zone, options: TraceOptions) => act(options, (session) => trace(session, zone, options))),
    )
    .addCommand(
      sub("record", "record a test and keep it on the box; Ctrl-C ends it early 录制测试")
        .addOption(label.makeOptionMandatory())
        .option("--seconds <count>", "how long, seconds 时长（秒）", "30")
        .option("--blows <count>", "how often the fence is struck, where it is counted 敲击次数")
        .option("--note <words>", "place, tool ... 位置、工具", "")
        .action((zone, options: RecordOptions) => act(options, (session) => record(session, zone, options))),
    )
    .addCommand(
      sub("recordings", "what was recorded 录音列表")
        .option("--remove <id>", "delete one for good 删除")
        .action((zone, options: ListOptions) => act(options, (session) => list(session, zone, options))),
    )
    .addCommand(
      sub("suggest", "settings from the recordings; exit code 1 when they allow none 建议设置")
        .option("--recordings <ids>", "some of them, with commas; all unless given 指定录音")
        .option(...applyFlag)
        .action((zone, options: SuggestOptions) => act(options, (session) => suggest(session, zone, options))),
    )
    .addCommand(
      sub("whatif", "what other settings would have made of a recording 假设回放")
        .option("--recording <id>", "the newest unless given 默认最新")
        .addOption(set)
        .option(...applyFlag)
        .action((zone, options: WhatIfOptions) => act(options, (session) => whatIf(session, zone, options))),
    );
}

function sub(name: string, description: string): Command {
  const command = new Command(name).description(description).argument("<zone>");
  for (const [flags, told, initial] of sessionOptions) command.option(flags, told, initial);
  return command;
}

function act(options: SessionOptions, work: (session: BoxSession) => Promise<void>): Promise<void> {
  return run(() => withSession(options, work));
}

const pause = () => new Promise((resolve) => setTimeout(resolve, pollEveryMs));

async function trace(session: BoxSession, zone: string, { json, watch, language }: TraceOptions): Promise<void> {
  let since: number | null = null;
  for (;;) {
    const view: VibrationView = await session.call("GET", pathOf(zone, since === null ? "" : `?since=${since}`));
    if (json === true && watch !== true) return console.log(JSON.stringify(view, null, 2));
    for (const block of view.blocks)
      console.log(json === true ? JSON.stringify(block) : blockLine(block, view.settings, languageOf(language)));
    since = view.blocks.at(-1)?.at ?? since;
    if (watch !== true) return;
    await pause();
  }
}

function blockLine(block: BlockView, { eventCount }: FibreSettings, language: Language): string {
  const { at, level, baseline, threshold, events, counted, alarm, verdict } = block;
  const times = (value: number) => `x${(value / baseline).toFixed(1)}`;
  const said =
    alarm !== null ? causeTexts[alarm.cause][language] : verdict === null ? "" : verdictTexts[verdict][language];
  const marks = "*".repeat(events.length);
  return [
    (at / 1000).toFixed(2),
    level,
    times(level),
    `> ${times(threshold)}`,
    `${counted}/${eventCount}${marks}`,
    said,
  ].join("  ");
}

async function record(session: BoxSession, zone: string, options: RecordOptions): Promise<void> {
  const { label, seconds, note, blows, json } = options;
  const path = pathOf(zone, "/recordings");
  const before = new Set((await session.call<RecordingsView>("GET", path)).recordings.map(({ id }) => id));
  await session.call<Running>("POST", path, {
    label,
    seconds: wholeNumber("seconds", seconds),
    note,
    ...(blows === undefined ? {} : { blows: wholeNumber("blows", blows) }),
  });
  const made = await untilKept(session, path, json === true ? null : languageOf(options.language));
  const stored = made.find(({ id }) => !before.has(id));
  if (stored !== undefined) console.log(json === true ? JSON.stringify(stored) : recordingLine(stored, options));
}

/** Shows how far it is, and stops it early on Ctrl-C. @throws PortcullisError why it was not kept */
async function untilKept(
  session: BoxSession,
  path: string,
  shownIn: Language | null,
): Promise<readonly StoredRecording[]> {
  let isInterrupted = false;
  process.once("SIGINT", () => {
    isInterrupted = true;
  });
  for (;;) {
    await pause();
    if (isInterrupted) await session.call("POST", `${path}/stop`);
    const { running, lost, recordings } = await session.call<RecordingsView>("GET", path);
    if (shownIn !== null) process.stderr.write(running === null ? "\n" : `\r${progressText(running, shownIn)} `);
    if (running !== null) continue;
    if (lost !== null) throw refusal(lost.code, lost.place, lost.detail);
    return recordings;
  }
}

async function list(session: BoxSession, zone: string, options: ListOptions): Promise<void> {
  const path = pathOf(zone, "/recordings");
  if (options.remove !== undefined) await session.call("DELETE", `${path}/${encodeURIComponent(options.remove)}`);
  const view = await session.call<RecordingsView>("GET", path);
  if (options.json === true) return console.log(JSON.stringify(view, null, 2));
  for (const each of view.recordings) console.log(recordingLine(each, options));
}

async function suggest(session: BoxSession, zone: string, options: SuggestOptions): Promise<void> {
  const query = options.recordings === undefined ? "" : `?recordings=${encodeURIComponent(options.recordings)}`;
  const suggestion = await session.call<SuggestionView>("GET", pathOf(zone, `/suggestion${query}`));
  if (options.json === true) console.log(JSON.stringify(suggestion, null, 2));
  else for (const line of suggestionLines(suggestion, languageOf(options.language))) console.log(line);
  if (!suggestion.ok) process.exitCode = 1;
  else if (options.apply !== undefined)
    await apply(session, zone, { ...options, changes: suggestion.changes, reason: options.apply });
}

async function whatIf(session: BoxSession, zone: string, options: WhatIfOptions): Promise<void> {
  const settings = settingsIn(options.set);
  const recording = options.recording ?? (await newest(session, zone));
  const view = await session.call<WhatIfView>("POST", pathOf(zone, "/what-if"), { recording, settings });
  if (options.json === true) console.log(JSON.stringify(view, null, 2));
  else {
    console.log(recordingLine({ id: recording, bytes: 0, head: view.recording }, options));
    for (const side of ["before", "after"] as const)
      for (const line of sideLines(side, view[side], languageOf(options.language))) console.log(line);
  }
  if (options.apply === undefined) return;
  const changes = Object.entries(settings).map(([key, value]) => ({ key, value }));
  await apply(session, zone, { ...options, changes, reason: options.apply });
}

async function newest(session: BoxSession, zone: string): Promise<string> {
  const { recordings } = await session.call<RecordingsView>("GET", pathOf(zone, "/recordings"));
  const last = recordings.findLast(({ head }) => head !== null);
  if (last === undefined) throw refusal("api.not-found", "--recording", `${zone} has none`);
  return last.id;
}

/** Names and ranges are checked by the box. @throws PortcullisError `api.invalid-body` */
function settingsIn(given: readonly string[]): Readonly<Record<string, number>> {
  const pairs = given.map((each) => {
    const [key = "", text = ""] = each.split("=", 2);
    const value = Number(text);
    if (text.trim() === "" || !Number.isFinite(value)) throw refusal("api.invalid-body", "--set", each);
    return [key, value] as const;
  });
  return Object.fromEntries(pairs);
}

interface Wish {
  readonly changes: readonly { readonly key: string; readonly value: number }[];
  readonly reason: string;
  readonly language?: string;
}

async function apply(session: BoxSession, zone: string, { changes, reason, language }: Wish): Promise<void> {
  if (changes.length === 0) return;
  const seen = await session.call<SettingsView>("GET", "/api/v1/settings");
  const wanted = changes.map(({ key, value }) => ({ zone, key: `settings.${key}`, value }));
  const order = { changes: wanted, reason, revision: seen.revision };
  const { revision } = await session.call<{ revision: number }>("POST", "/api/v1/settings", order);
  console.error(appliedText(revision, languageOf(language)));
}
