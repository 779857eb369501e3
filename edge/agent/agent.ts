// One box: opens drivers, feeds the controller, carries out its effects, records, answers the hub. Knows everybody.
import { join } from "node:path";
import type { Logger } from "pino";
import { openBook } from "../commissioning/book.js";
import { type BoxServer, startBoxServer } from "../commissioning/server.js";
import type { BoxStatus } from "../commissioning/status.js";
import { initialState } from "../controller.js";
import { createTroubleCounter } from "../health/troubles.js";
import { watchVitals } from "../health/vitals.js";
import { createClock } from "../machine/clock.js";
import type { Clock, Timer } from "../machine/ports.js";
import { createTimer } from "../machine/timer.js";
import { type Command, type CommandResult, urgentActs } from "../model/command.js";
import { type Fact, fact, type Inventory } from "../model/fact.js";
import type { EdgeConfig } from "../model/site.js";
import type { Input } from "../model/state.js";
import type { Stamp } from "../model/time.js";
import { createDrivers, type Drivers } from "./drivers.js";
import { restoreDurable } from "./memory.js";
import { type Recorder, startRecorder } from "./recorder.js";
import type { RecorderStatus } from "./recorder-messages.js";
import { createRunner, type Runner } from "./runner.js";
import type { Settings } from "./settings.js";
import { noteTravels } from "./travels.js";

export interface AgentOptions {
  readonly settings: Settings;
  readonly dataDir: string;
  /** Folder with `ca.pem` and `edges/{site}.{edge}.pem/.key`; without it the box runs without an uplink. */
  readonly pkiDir: string | null;
  readonly version: string;
  readonly log: Logger;
}

export interface Agent {
  /** Where the box's HTTP listens; null until it does. */
  address(): string | null;
  close(reason: string): Promise<void>;
}

const statusEveryMs = 1_000;
const vitalsEveryMs = 60_000;
const journalAnswerMs = 1_000;

/** Resolves when the drivers work and the controller is fed; the field may still be away. */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const { settings, log, dataDir } = options;
  const machine = { clock: createClock(), timer: createTimer() };
  const recorder = await startRecorder(recorderOptions(options));
  const append = (facts: readonly Fact[], now: Stamp) => {
    recorder
      .append(facts.map((known) => ({ fact: known, now, exercise: false })))
      .catch((error: unknown) => log.error({ err: error }, "records were not written"));
  };
  const tell = createTroubleCounter(machine, ({ source, code, detail, count }) => {
    log.warn({ source, code, detail, count }, "input refused");
    append([fact("input.refused", source, { code, detail, count })], machine.clock.now());
  });
  recorder.onTrouble((code, detail) => tell("recorder", code, detail));

  const durable = await restoreDurable(settings.config, recorder, (detail) =>
    tell("recorder", "journal.worker-died", detail),
  );
  const drivers = createDrivers(settings.config.drivers, { ...machine, dataDir });
  const runner = createRunner(initialState(settings.config, durable, machine.clock.now()), {
    ...machine,
    write: (request) => drivers.write(request),
    append: (facts, now) => {
      append(facts, now);
      noteTravels(book, settings.config, runner.state().durable, facts);
    },
  });
  const book = openBook(join(dataDir, "book.json"), machine, (detail) => tell("book", "config.unreadable", detail));
  book.takeInventory(settings.config, settings.revision);
  append(startFacts(options), machine.clock.now());

  const server = startBoxServer(settings.config.http, machine, (detail) => tell("http", "api.internal", detail));
  runner.feed({ kind: "started" });
  await drivers.open((driver) => eventsOf(driver, runner, tell));
  recorder.onCommand((command) => obey(command, runner, recorder, machine.clock));
  const pulse = startPulse({ options, machine, recorder, runner, server, drivers, append });
  log.info({ edge: settings.config.id, revision: settings.revision }, "box guards");
  return {
    address: server.address,
    async close(reason) {
      append([fact("agent.stopped", settings.config.id, { reason })], machine.clock.now());
      pulse();
      runner.stop();
      book.close();
      await drivers.close();
      await server.close();
      await recorder.close();
    },
  };
}

function recorderOptions({ settings, dataDir, pkiDir }: AgentOptions): Parameters<typeof startRecorder>[0] {
  const { site, config } = settings;
  const name = `${site}.${config.id}`;
  const base = { dataDir: join(dataDir, "journal"), site, edge: config.id, journal: config.journal };
  if (config.uplink === undefined || pkiDir === null) return base;
  const uplink = {
    hubs: config.uplink.hubs,
    ca: join(pkiDir, "ca.pem"),
    cert: join(pkiDir, "edges", `${name}.pem`),
    key: join(pkiDir, "edges", `${name}.key`),
  };
  return { ...base, uplink };
}

function startFacts({ settings, version }: AgentOptions): readonly Fact[] {
  const { config, revision, hash, refused } = settings;
  const trouble = refused?.troubles[0];
  return [
    fact("agent.started", config.id, { version, revision }),
    fact("config.applied", config.id, { revision, hash, inventory: inventoryOf(config) }),
    ...(trouble === undefined
      ? []
      : [fact("config.refused", config.id, { code: trouble.code, place: trouble.place, detail: trouble.detail })]),
  ];
}

function inventoryOf(config: EdgeConfig): Inventory {
  const { areas, groups } = config;
  return {
    edge: config.name,
    areas,
    groups,
    zones: config.zones.map(({ id, name, area, kind, camera }) => ({
      id,
      name,
      area,
      kind,
      ...(camera === undefined ? {} : { camera }),
    })),
    barriers: config.barriers.map(({ id, name, area, kind, entrance }) => ({ id, name, area, kind, entrance })),
    annunciators: config.annunciators.map(({ id, name }) => ({ id, name })),
  };
}

function eventsOf(driver: string, runner: Runner, tell: (source: string, code: string, detail: string) => void) {
  const feed = (input: Input) => runner.feed(input);
  return {
    sample: (sample: Extract<Input, { kind: "sample" }>["sample"]) => feed({ kind: "sample", sample }),
    result: (result: Extract<Input, { kind: "write-result" }>["result"]) => {
      if (!result.ok) tell(driver, "field.write-unconfirmed", `${result.point}: ${result.reason}`);
      feed({ kind: "write-result", result });
    },
    link: (up: boolean, reason: string) => feed({ kind: "link", driver, up, reason }),
    trouble: (code: string, detail: string) => tell(driver, code, detail),
  };
}

/** A command is durable before it acts, except where waiting would cost what it is to protect (rule 2). */
async function obey(command: Command, runner: Runner, recorder: Recorder, clock: Clock): Promise<CommandResult> {
  if (!urgentActs.includes(command.act.kind)) {
    const { id, issuers, act, reason } = command;
    const known = fact("operator.commanded", id, { command: id, issuers, act, reason });
    await recorder.append([{ fact: known, now: clock.now(), exercise: false }]);
  }
  return runner.command(command);
}

/** The journal's worker may be restarting; the box's own health must be told all the same. */
function statusWithin(recorder: Recorder, timer: Timer, until: number): Promise<RecorderStatus | null> {
  return new Promise((resolve) => {
    const cancel = timer.at(until, () => resolve(null));
    recorder.status().then(
      (status) => {
        cancel();
        resolve(status);
      },
      () => resolve(null),
    );
  });
}

interface PulseParts {
  readonly options: AgentOptions;
  readonly machine: { readonly clock: Clock; readonly timer: Timer };
  readonly recorder: Recorder;
  readonly runner: Runner;
  readonly server: BoxServer;
  readonly drivers: Drivers;
  readonly append: (facts: readonly Fact[], now: Stamp) => void;
}

/** Tells the status each second and records the vitals each minute; the returned function ends it. */
function startPulse({ options, machine, recorder, runner, server, drivers, append }: PulseParts): () => void {
  const { clock, timer } = machine;
  const watch = watchVitals();
  let cancel: () => void = () => undefined;
  let recordAt = clock.mono() + vitalsEveryMs;
  let ended = false;

  async function beat(): Promise<void> {
    const vitals = { ...watch.read(), stepMsMax: runner.stepMsMax() };
    const journal = await statusWithin(recorder, timer, clock.mono() + journalAnswerMs);
    if (ended) return;
    const now = clock.now();
    const { durable, transient } = runner.state();
    const status: BoxStatus = {
      site: options.settings.site,
      edge: options.settings.config.id,
      revision: options.settings.revision,
      now,
      ready: transient.settled,
      drivers: drivers.health(),
      hubConnected: journal?.hubConnected ?? false,
      journal,
      vitals,
      durable,
    };
    server.tell(status);
    if (now.mono >= recordAt) {
      recordAt = now.mono + vitalsEveryMs;
      append([fact("health.sampled", options.settings.config.id, vitals)], now);
    }
    cancel = timer.at(clock.mono() + statusEveryMs, () => void beat());
  }

  void beat();
  return () => {
    ended = true;
    cancel();
    watch.stop();
  };
}
