// portcullis commission barrier: a barrier's drive at its commissioning: lock-out, measured runs, hold-to-run, interlocks, results.
import { Command } from "commander";
import type { RunRow } from "../../../edge/commissioning/drives.js";
import type { DrivesReply, DriveView } from "../../../edge/commissioning/questions/drives.js";
import type { Act } from "../../../edge/model/command.js";
import { type CheckResult, type DriveDirection, type DriveMode, driveModes } from "../../../edge/model/drive-run.js";
import { refusal } from "../../../edge/model/error.js";
import type { Language } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { readSecret } from "../../secret-input.js";
import { say } from "../../sentences.js";
import { run } from "../../terminal.js";
import { holdOnTerminal } from "./barrier-hold.js";
import { barrierTexts, checkLine, resultLines, runLine } from "./barrier-lines.js";

interface DriveOptions extends SessionOptions {
  readonly note: string;
  readonly reason: string;
  readonly second?: string;
  readonly direction: DriveDirection;
  readonly mode: DriveMode;
  readonly end?: boolean;
}

type Work = (session: BoxSession, id: string, options: DriveOptions) => Promise<void>;

const secondPinVariable = "PORTCULLIS_SECOND_PIN";
const lookEveryMs = 300;

const reason = ["--reason <words>", "stands in the journal 原因，记入日志", "commissioning"] as const;
const second = [
  "--second <name>",
  `who agrees; the PIN comes from ${secondPinVariable}, the terminal or standard input 第二人`,
] as const;
const direction = ["--direction <direction>", "open or close 开启或关闭", "close"] as const;

export function barrierCommand(): Command {
  const barrier = new Command("barrier").description("a barrier's drive at its commissioning 阻车设施调试");
  const add = (name: string, what: string, work: Work, ...more: readonly (readonly [string, string, string?])[]) => {
    const command = new Command(name).description(what).argument("<id>", "the barrier 阻车设施");
    for (const [flags, description, initial] of [...sessionOptions, ...more])
      command.option(flags, description, initial);
    command.action((id: string, options: DriveOptions) =>
      run(() => withSession(options, (session) => work(session, id, options))),
    );
    barrier.addCommand(command);
    return command;
  };
  add("lock-out", "move it for nobody while somebody works on it 检修锁定", lockOut, reason).requiredOption(
    "--note <words>",
    "what is being done 作业内容",
  );
  add("clear", "clear your lock-out; for an absent person with --second 解除检修锁定", clear, reason, second);
  add("run", "one measured run to the end contact 试运行", testRun, direction, reason, second, [
    "--mode <mode>",
    "normal or emergency 正常或应急",
    "normal",
  ]);
  add("hold", "hold-to-run while a key is held down 点动", hold, direction, reason, second);
  add("interlocks", "guided check of its interlocks; --end saves it 联锁检查", interlocks, [
    "--end",
    "end and save 结束并保存",
  ]);
  add("results", "what was measured 测得结果", results);
  return barrier;
}

async function secondOf({ second: name }: DriveOptions): Promise<object> {
  if (name === undefined) return {};
  return { second: { name, pin: process.env[secondPinVariable] ?? (await readSecret("Second PIN 第二人口令: ")) } };
}

async function order(session: BoxSession, act: Act, options: DriveOptions): Promise<string> {
  const body = { act, reason: options.reason, ...(await secondOf(options)) };
  const done = await session.call<{ readonly id: string }>("POST", "/api/v1/commands", body);
  return done.id;
}

async function look(session: BoxSession, id: string): Promise<DriveView> {
  const reply = await session.call<DrivesReply>("GET", `/api/v1/drives?barrier=${encodeURIComponent(id)}`);
  const [drive] = reply.drives;
  if (drive === undefined) throw new Error("the box told of no barrier");
  return drive;
}

async function show(session: BoxSession, id: string, { json, language }: DriveOptions): Promise<void> {
  const drive = await look(session, id);
  if (json === true) console.log(JSON.stringify(drive, null, 2));
  else for (const line of resultLines(drive, languageOf(language))) console.log(line);
}

const lockOut: Work = async (session, barrier, options) => {
  await order(session, { kind: "lock-out", barrier, note: options.note }, options);
  if (options.json !== true) console.log(say(barrierTexts, languageOf(options.language))("isolate"));
  await show(session, barrier, options);
};

const clear: Work = async (session, barrier, options) => {
  await order(session, { kind: "clear-lock-out", barrier }, options);
  await show(session, barrier, options);
};

function checkWay({ direction: way, mode }: DriveOptions): void {
  const words: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ["--direction", way, ["open", "close"]],
    ["--mode", mode, driveModes],
  ];
  for (const [place, given, known] of words)
    if (given !== undefined && !known.includes(given))
      throw refusal("api.invalid-body", place, `${given}; one of ${known.join(", ")}`);
}

/** Exit code 1 when it did not arrive. */
const testRun: Work = async (session, barrier, options) => {
  checkWay(options);
  const act = { kind: "test-run", barrier, direction: options.direction, mode: options.mode } as const;
  const id = await order(session, act, options);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    const { underWay, runs } = await look(session, barrier);
    const done = runs.find((each) => each.id === id);
    if (done === undefined && underWay?.id === id) continue;
    if (done === undefined || done.verdict !== "passed") process.exitCode = 1;
    console.log(options.json === true ? JSON.stringify(done ?? null) : doneLine(done, languageOf(options.language)));
    return;
  }
};

function doneLine(done: RunRow | undefined, language: Language): string {
  return done === undefined ? say(barrierTexts, language)("noResult") : runLine(done, language);
}

const hold: Work = async (session, barrier, options) => {
  checkWay(options);
  const body = { direction: options.direction, reason: options.reason, ...(await secondOf(options)) };
  const language = languageOf(options.language);
  const over = await holdOnTerminal(session, { barrier, language }, body);
  if (over === null) process.exitCode = 1;
  else console.log(options.json === true ? JSON.stringify(over) : runLine(over, language));
};

/** Begins the check, or goes on with the one that is under way, and tells each step until all are passed or failed. */
const interlocks: Work = async (session, barrier, options) => {
  const path = `/api/v1/drives/${encodeURIComponent(barrier)}/check`;
  const told = new Map<string, string>();
  const before = await look(session, barrier);
  if (options.end !== true && before.checking === null) await session.call("POST", path, { move: "begin" });
  for (;;) {
    const { checking } = await look(session, barrier);
    const rows = checking?.rows ?? [];
    tellRows(rows, told, options);
    const isDone = rows.every(({ state }) => state === "passed" || state === "failed");
    if (isDone || options.end === true) {
      await session.call("POST", path, { move: "end" });
      if (rows.some(({ state }) => state !== "passed")) process.exitCode = 1;
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
};

/** Only what has changed since it was told. */
function tellRows(rows: readonly CheckResult[], told: Map<string, string>, { json, language }: DriveOptions): void {
  for (const row of rows) {
    const key = `${row.kind}/${row.point}`;
    const line = json === true ? JSON.stringify(row) : checkLine(row, languageOf(language));
    if (told.get(key) !== line) console.log(line);
    told.set(key, line);
  }
}

const results: Work = (session, barrier, options) => show(session, barrier, options);
