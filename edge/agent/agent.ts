// One box: opens drivers, feeds the controller, carries out its effects, records, answers the hub. Knows everybody.
import { join } from "node:path";
import type { Logger } from "pino";
import { type BookKeeper, openBook } from "../commissioning/book.js";
import type { Question } from "../commissioning/questions.js";
import { startBoxServer } from "../commissioning/server.js";
import { type BlockBook, createBlockBook } from "../commissioning/vibration/block-book.js";
import { initialState, type State } from "../controller.js";
import { createPointBook, type PointBook } from "../health/point-book.js";
import { createTraceBook, type TraceBook } from "../health/trace-book.js";
import { createTroubleCounter } from "../health/troubles.js";
import { fold } from "../incident/durable.js";
import { createClock } from "../machine/clock.js";
import type { Clock, Service, Timer } from "../machine/ports.js";
import { createTimer } from "../machine/timer.js";
import type { Command } from "../model/command.js";
import type { DriverEvents } from "../model/driver.js";
import type { ErrorCode, Trouble } from "../model/error.js";
import { type Fact, fact } from "../model/fact.js";
import { pointsOf } from "../model/site.js";
import { answerQuestion } from "./answers.js";
import { type CheckDesk, createCheckDesk } from "./checks.js";
import { createDrivers } from "./drivers.js";
import { dropHealthy } from "./farewell.js";
import { feedSample } from "./heard-blocks.js";
import { inventoryOf } from "./inventory.js";
import { privateName } from "./journal-keys.js";
import { type BookCopy, configKept, copyBook } from "./kept-text.js";
import { findLockOuts, forgottenLockOuts, keepLockOuts, type LockOutKeeper, type LockOutsFound } from "./lock-outs.js";
import { restoreDurable } from "./memory.js";
import { createNotifier } from "./notifier.js";
import { obey } from "./obey.js";
import { startPulse } from "./pulse.js";
import { type CommandHandler, type Recorder, startRecorder } from "./recorder.js";
import type { RecorderEntry } from "./recorder-messages.js";
import { recorderOptions } from "./recorder-options.js";
import { keepRecords, type Records } from "./records.js";
import { watchSettings } from "./reload.js";
import { createRunner, type Runner } from "./runner.js";
import { secretIds } from "./secrecy.js";
import type { Settings } from "./settings.js";
import { openSettingsFolder } from "./settings-folder.js";
import { noteTravels } from "./travels.js";
import { noteWalkTests } from "./walk-tests.js";
import { warmUp } from "./warm-up.js";

export interface AgentOptions {
  readonly settings: Settings;
  readonly dataDir: string;
  /** Folder with `ca.pem` and `edges/{site}.{edge}.pem/.key`; without it the box runs without an uplink. */
  readonly pkiDir: string | null;
  readonly version: string;
  readonly log: Logger;
  /** Who runs this process, and ends one that shows no life. */
  readonly service: Service;
}

export interface Agent {
  /** Where the box's HTTP listens; null until it does. */
  address(): string | null;
  close(reason: string): Promise<void>;
}

type Tell = (source: string, code: string, detail: string) => void;

/** Resolves when the drivers work and the controller is fed; the field may still be away. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { log, dataDir } = options;
  const desk = await openDesk(options);
  const { machine, recorder, records, force, book, copy, traces, tell } = desk;
  const runner: Runner = createRunner(await startState(options, desk), {
    ...machine,
    write: (request) => drivers.write(request),
    append: (entries) => {
      records.append(entries);
      keepBooks(desk, runner.state(), entries);
    },
    notify: ({ step }) => notifier.notify(step),
    trace: traces.note,
  });
  const parts = { ...machine, dataDir, wallFloorMs: recorder.wallMs() };
  const drivers = createDrivers(force.present().config.drivers, parts, (driver) => eventsOf(driver, runner, desk));
  const notifier = createNotifier({
    ...machine,
    written: records.written,
    lanes: () => recorder.status(),
    durable: () => runner.state().durable,
    notified: (told) => runner.feed({ kind: "notified", ...told }),
  });
  const carryOut = (command: Command) => obey(command, runner, desk);
  const server = openHttp(desk, options, runner, carryOut);
  runner.feed({ kind: "started" });
  await drivers.open();
  // Whatever comes from a hub was not given on site.
  recorder.onCommand(({ onSite: _, ...command }) => carryOut(command));
  const endPulse = startPulse({ ...machine, settings: force.present, recorder, records, runner, server, drivers });
  const endWatch = watchSettings({
    ...machine,
    folder: openSettingsFolder(dataDir, machine),
    present: force.present,
    drivers,
    switchTo(next) {
      // Which areas are encrypted is one of the settings that are read at the start.
      recorder.keepSecret(secretIds(next.config, options.settings.config.journal));
      force.put(next);
      runner.feed({ kind: "config", config: next.config });
    },
    refused: (troubles) => troubles.slice(0, 1).forEach(force.refuse),
    failed: (error) => tell("settings", "config.unreadable", String(error)),
  });
  log.info({ edge: force.present().config.id }, "box guards");
  return {
    address: server.address,
    async close(reason) {
      machine.service.stopping();
      records.note(fact("agent.stopped", force.present().config.id, { reason }));
      endPulse();
      await dropHealthy(runner, machine);
      for (const end of [endWatch, notifier.stop, runner.stop]) end();
      await Promise.all([book.close().then(copy.stop), desk.lockOuts.close()]);
      await drivers.close();
      await server.close();
      await recorder.close();
    },
  };
}

/** What the box writes to, and where its trouble goes. */
interface Desk {
  readonly machine: { readonly clock: Clock; readonly timer: Timer; readonly service: Service };
  readonly recorder: Recorder;
  readonly records: Records;
  readonly book: BookKeeper;
  readonly lockOuts: LockOutKeeper;
  /** As the data folder said before the journal was opened. */
  readonly found: LockOutsFound;
  readonly copy: BookCopy;
  readonly traces: TraceBook;
  readonly points: PointBook;
  readonly checks: CheckDesk;
  readonly blocks: BlockBook;
  readonly tell: Tell;
  readonly force: Force;
}

/** Which settings are in force; a change is recorded. */
interface Force {
  present(): Settings;
  put(next: Settings): void;
  refuse(trouble: Trouble): void;
}

async function openDesk(options: AgentOptions): Promise<Desk> {
  const { log, dataDir } = options;
  const machine = { clock: createClock(), timer: createTimer(), service: options.service };
  const found = findLockOuts(dataDir);
  const recorder = await startRecorder(recorderOptions(options.settings, dataDir, options.pkiDir));
  machine.clock.raiseFloor(recorder.wallMs());
  const records = keepRecords(recorder, machine.clock, (err) => log.error({ err }, "records were not written"));
  const tell = createTroubleCounter(machine, ({ source, code, detail, count }) => {
    log.warn({ source, code, detail, count }, "input refused");
    records.note(fact("input.refused", source, { code, detail, count }));
  });
  recorder.onTrouble((code, detail) => tell("recorder", code, detail));
  const damaged = (detail: string) => tell("book", "config.unreadable", detail);
  const book = openBook(join(dataDir, "book.json"), machine, damaged, () => copy.saved());
  const lockOuts = keepLockOuts(dataDir, machine, (detail) => tell("lock-outs", "journal.sync-failed", detail));
  const copy = copyBook({ ...machine, book, edge: options.settings.config.id, note: records.note });
  const traces = createTraceBook(machine.clock.now());
  const points = createPointBook();
  const blocks = createBlockBook();
  let present = options.settings;
  const force: Force = {
    present: () => present,
    put(next) {
      present = next;
      const { config, revision, hash } = next;
      book.takeInventory(config, revision);
      for (const each of [traces, blocks]) each.forgetAllBut(config.zones.map(({ id }) => id));
      points.forgetAllBut(pointsOf(config).map(({ id }) => id));
      const applied = fact("config.applied", config.id, { revision, hash, inventory: inventoryOf(config) });
      records.note(applied, ...configKept(next));
      log.info({ edge: config.id, revision }, "configuration in force");
    },
    refuse({ code, place, detail }) {
      log.warn({ code, place, detail }, "configuration refused");
      records.note(fact("config.refused", present.config.id, { code, place, detail }));
    },
  };
  const checks = createCheckDesk();
  return { machine, recorder, records, book, lockOuts, found, copy, traces, points, checks, blocks, tell, force };
}

/** What the box remembers, and that it has started: the controller must know of it as the journal does. */
async function startState({ settings, version }: AgentOptions, desk: Desk): Promise<State> {
  const { machine, recorder, records, lockOuts, tell, force } = desk;
  const { config, revision, refused } = settings;
  const forgotten = (detail: string) => tell("recorder", "journal.worker-died", detail);
  const remembered = await restoreDurable(config, recorder, forgotten);
  const now = machine.clock.now();
  const started = fact("agent.started", config.id, { version, revision, at: now });
  const known = { config, lockOuts: remembered.lockOuts, isWhole: recorder.isWhole() };
  const facts = [started, ...forgottenLockOuts(desk.found, known, now)];
  records.note(...facts);
  force.put(settings);
  if (refused !== null) force.refuse(refused);
  const durable = facts.reduce(fold, remembered);
  lockOuts.note(durable.lockOuts);
  warmUp(config, durable, now);
  return initialState(config, durable, machine.clock.now());
}

/** What is kept beside the journal. */
function keepBooks({ book, checks, lockOuts }: Desk, state: State, entries: readonly RecorderEntry[]): void {
  noteTravels({ book, checks }, state, entries);
  noteWalkTests(book, entries);
  lockOuts.note(state.durable.lockOuts);
}

/** The box's HTTP, and who answers what people ask there. */
function openHttp(
  { machine, recorder, traces, points, blocks, checks, force, book, tell }: Desk,
  { dataDir, version }: Pick<AgentOptions, "dataDir" | "version">,
  runner: Runner,
  obey: CommandHandler,
) {
  const answer = (question: Question) => {
    const now = machine.clock.now();
    const record = (facts: readonly Fact[]) =>
      recorder.append(facts.map((each) => ({ fact: each, now, exercise: false })));
    const { feed, state: present } = runner;
    const settings = force.present();
    const seen = {
      site: settings.site,
      version,
      settings,
      state: present(),
      traces,
      points,
      blocks,
      book,
      checks,
      now,
    };
    return answerQuestion(question, { ...seen, obey, record, feed, present });
  };
  const trouble = (code: ErrorCode, detail: string) => tell("http", code, detail);
  return startBoxServer(
    { http: force.present().config.http, dataDir, keyFile: join(dataDir, "keys", privateName) },
    { ...machine, trouble, answer },
  );
}

function eventsOf(
  driver: string,
  runner: Runner,
  { machine, points, blocks, tell }: Pick<Desk, "machine" | "points" | "blocks" | "tell">,
): DriverEvents {
  return {
    sample(sample) {
      feedSample(runner, blocks, sample);
      points.note(sample, machine.clock.mono());
    },
    result(result) {
      if (!result.ok) tell(driver, "field.write-unconfirmed", `${result.point}: ${result.reason}`);
      runner.feed({ kind: "write-result", result });
    },
    link: (up, reason) => runner.feed({ kind: "link", driver, up, reason }),
    trouble: (code, detail) => tell(driver, code, detail),
  };
}
