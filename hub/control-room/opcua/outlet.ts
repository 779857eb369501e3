// The outlet to control rooms over OPC UA: keeps the server's thread running, shows it every change, and decides what its clients ask.
import { Worker } from "node:worker_threads";
import { builtFile } from "../../../edge/machine/built.js";
import type { Role } from "../../../edge/model/command.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { AlarmActs, AlarmFeed } from "../../alarm/acts.js";
import type { AlarmRecord } from "../../alarm/record.js";
import { wait } from "../wait.js";
import type { FromServer, OpcuaServerSettings, SourceName, ToServer, Verdict } from "./messages.js";
import { type Picture, type Sources, see, sourceOf } from "./picture.js";
import { conditionsMax, createPlaces, namedMax, others, type PlaceLimits, type Places } from "./places.js";

export interface OpcuaOutletOptions {
  readonly settings: OpcuaServerSettings;
  readonly feed: AlarmFeed;
  readonly acts: AlarmActs;
  /** What has a condition, as the boxes list it now; of one box or of all. */
  readonly sources: (of?: BoxName) => readonly SourceName[];
  /** Whether these let somebody in; throttles and records. */
  readonly login: (user: string, password: string) => Promise<boolean>;
  /** What this person is now; undefined for one who may no longer act. */
  readonly roleOf: (user: string) => Promise<Role | undefined>;
  readonly trouble: (detail: string) => void;
  /** How many the hub's file names. */
  readonly boxes?: number;
  readonly limits?: PlaceLimits;
}

export interface BoxName {
  readonly site: string;
  readonly edge: string;
}

export interface OpcuaOutlet {
  readonly name: "opcua";
  /** Null while the server does not listen. */
  port(): number | null;
  /** A box lists other zones or barriers now. */
  sourcesChanged(of: BoxName): void;
  health(): { readonly reachable: boolean; readonly after: number };
  close(): Promise<void>;
}

const restartMsMin = 500;
const restartMsMax = 30_000;
/** A thread that lived so long begins with the shortest pause again. */
const soundAfterMs = 60_000;
const heapMiBMax = 512;
const closeWithinMs = 3000;

/** Starts at once and keeps trying; does not wait for the server. */
export function startOpcuaOutlet(options: OpcuaOutletOptions, launch = startWorker): OpcuaOutlet {
  const ending = new AbortController();
  const state: State = { port: null, after: 0 };
  let running: Thread | null = null;

  /** Resolves with the reason of its end. */
  async function runOnce(): Promise<string> {
    try {
      running = startThread(options, state, launch);
      return await running.ended;
    } catch (error) {
      // A machine without room for a thread says so at once.
      return `it could not be started: ${String(error)}`;
    }
  }

  async function keepRunning(): Promise<void> {
    for (let pauseMs = restartMsMin; !ending.signal.aborted; ) {
      const startedAt = process.hrtime.bigint();
      const reason = await runOnce();
      state.port = null;
      if (ending.signal.aborted) return;
      if (Number(process.hrtime.bigint() - startedAt) / 1e6 > soundAfterMs) pauseMs = restartMsMin;
      options.trouble(`the OPC UA server ended: ${reason}; next start in ${pauseMs} ms`);
      await wait(pauseMs, ending.signal);
      pauseMs = Math.min(pauseMs * 2, restartMsMax);
    }
  }

  const kept = keepRunning();
  return {
    name: "opcua",
    port: () => state.port,
    sourcesChanged: (of) => running?.name(options.sources(of)),
    health: () => ({ reachable: state.port !== null, after: state.after }),
    async close() {
      ending.abort();
      await running?.close();
      await kept;
    },
  };
}

interface State {
  port: number | null;
  after: number;
}

interface Thread {
  /** Resolves with the reason when the thread is no more. */
  readonly ended: Promise<string>;
  name(sources: readonly SourceName[]): void;
  close(): Promise<void>;
}

function startWorker(workerData: OpcuaServerSettings): Worker {
  return new Worker(builtFile("hub/control-room/opcua/worker.ts"), {
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: heapMiBMax },
  });
}

function startThread(options: OpcuaOutletOptions, state: State, launch: typeof startWorker): Thread {
  const worker = launch(options.settings);
  const ending = new AbortController();
  const tell = (message: ToServer) => worker.postMessage(message);
  const answer = answerer(options, tell);
  const places = createPlaces(options.limits, options.boxes);
  let isCrowded = false;
  const name = (sources: readonly SourceName[]) => {
    for (const { source } of sources) places.name(source);
    if (places.isCrowded() && !isCrowded) tell({ kind: "spare", count: options.limits?.namedMax ?? namedMax });
    isCrowded = places.isCrowded();
    tell({ kind: "sources", sources: sources.filter(({ source }) => places.name(source)) });
  };
  let reason = "";
  worker.on("message", (message: FromServer) => {
    if (message.kind === "listening") {
      state.port = message.port;
      name(options.sources());
      showAll(options, state, { tell, places, signal: ending.signal }).catch((error: unknown) => {
        reason = `alarms could not be shown: ${String(error)}`;
        void worker.terminate();
      });
    } else if (message.kind === "failed") reason = message.detail;
    else answer(message);
  });
  worker.on("error", (error) => {
    reason = error instanceof Error ? error.message : String(error);
  });
  const ended = new Promise<string>((resolve) => {
    worker.on("exit", (code) => {
      ending.abort();
      resolve(reason === "" ? `exit code ${code}` : reason);
    });
  });
  return {
    ended,
    name,
    async close() {
      tell({ kind: "close" });
      const late = new AbortController();
      await Promise.race([ended, wait(closeWithinMs, late.signal)]);
      late.abort();
      await worker.terminate();
    },
  };
}

interface Showing {
  readonly tell: (message: ToServer) => void;
  readonly places: Places;
  readonly signal: AbortSignal;
}

/** Everything as it stands, then change after change. */
async function showAll(
  { feed, trouble }: OpcuaOutletOptions,
  state: State,
  { tell, places, signal }: Showing,
): Promise<void> {
  let sources: Sources = new Map();
  let isTold = false;

  /** An alarm that shares a condition stays there as long as it is open. */
  function take(alarm: AlarmRecord): Picture {
    const place = sources.get(others)?.has(alarm.id) ? { source: others, instead: null } : places.of(sourceOf(alarm));
    if (place.source === others && !isTold) {
      isTold = true;
      trouble(`more than ${conditionsMax} sources have open alarms, further ones share the OPC UA condition ${others}`);
    }
    const seen = see(sources, alarm, place.source);
    sources = seen.sources;
    places.mark(place.source, seen.picture.retain);
    if (place.instead !== null) tell({ kind: "forget", source: place.instead });
    return seen.picture;
  }

  const { sequence, alarms } = feed.snapshot();
  const pictures = new Map(
    alarms
      .toReversed()
      .map(take)
      .map((picture) => [picture.source, picture]),
  );
  tell({ kind: "show", pictures: [...pictures.values()] });
  state.after = sequence;
  for await (const change of feed.changes(sequence, signal)) {
    // One after the other: a condition may have to go before the next comes.
    for (const alarm of change.alarms) tell({ kind: "show", pictures: [take(alarm)] });
    state.after = change.sequence;
  }
}

/** Decides what the server's clients ask; each question gets exactly one answer. */
function answerer(options: OpcuaOutletOptions, tell: (message: ToServer) => void) {
  async function login(user: string, password: string): Promise<Verdict> {
    return (await options.login(user, password)) ? "good" : "forbidden";
  }

  return (message: Extract<FromServer, { kind: "login" | "act" }>): void => {
    const work = message.kind === "login" ? login(message.user, message.password) : perform(options, message);
    void work
      .catch((error: unknown): Verdict => {
        options.trouble(`a question over OPC UA failed: ${String(error)}`);
        return "refused";
      })
      .then((verdict) => tell({ kind: "answer", id: message.id, verdict }));
  };
}

async function perform(
  { acts, roleOf }: OpcuaOutletOptions,
  { user, alarms, act, note }: Extract<FromServer, { kind: "act" }>,
): Promise<Verdict> {
  const role = await roleOf(user);
  if (role === undefined) return "forbidden";
  const actor = { user, role, outlet: "opcua", ...(note !== "" && { note }) };
  try {
    for (const alarm of alarms) await acts.perform(actor, alarm, act);
    return "good";
  } catch (error) {
    if (!(error instanceof PortcullisError)) throw error;
    const { code } = error.trouble;
    if (code === "api.not-found") return "gone";
    return code === "api.forbidden" ? "forbidden" : "refused";
  }
}
