// The box's pulse: tells its status to its own HTTP and to the service manager each second, and records its vitals each minute.
import type { BoxServer } from "../commissioning/server.js";
import type { BoxStatus } from "../commissioning/status.js";
import { relaysOf } from "../controller/self-watch.js";
import { watchClock } from "../health/clock-watch.js";
import { watchVitals } from "../health/vitals.js";
import type { Clock, Service, Timer } from "../machine/ports.js";
import type { ErrorCode } from "../model/error.js";
import { fact } from "../model/fact.js";
import type { Drivers } from "./drivers.js";
import { tellFaults } from "./faults.js";
import { withoutHoldUps } from "./hold-ups.js";
import type { Recorder } from "./recorder.js";
import type { RecorderStatus } from "./recorder-messages.js";
import type { Records } from "./records.js";
import type { Runner } from "./runner.js";
import { serviceStateOf } from "./service-state.js";
import type { Settings } from "./settings.js";

const statusEveryMs = 1_000;
const vitalsEveryMs = 60_000;
const journalAnswerMs = 1_000;

export interface PulseParts {
  readonly clock: Clock;
  readonly timer: Timer;
  readonly settings: () => Settings;
  readonly recorder: Pick<Recorder, "status">;
  readonly records: Records;
  readonly runner: Runner;
  readonly server: Pick<BoxServer, "tell">;
  readonly drivers: Pick<Drivers, "health">;
  readonly service: Pick<Service, "tell">;
}

/** The returned function ends it. */
export function startPulse(parts: PulseParts): () => void {
  const { clock, timer, runner, records } = parts;
  const watch = watchVitals();
  // Links to hubs are made once, at the start.
  const isAlone = parts.settings().config.uplink === undefined;
  const lookAtClock = watchClock(clock.now());
  let cancel: () => void = () => undefined;
  let recordAt = clock.mono() + vitalsEveryMs;
  let ended = false;
  let told = "";

  async function beat(): Promise<void> {
    const vitals = { ...watch.read(), stepMsMax: runner.stepMsMax() };
    const journal = await statusWithin(parts, clock.mono() + journalAnswerMs);
    if (ended) return;
    tellSelf(selfTroubles(journal));
    const status = statusOf(parts, journal, { vitals, isAlone });
    parts.server.tell(status);
    parts.service.tell(serviceStateOf(status, runner.state().transient.wakeAt));
    records.note(...lookAtClock(clock.now(), parts.settings().config.id));
    if (clock.mono() >= recordAt) {
      recordAt = clock.mono() + vitalsEveryMs;
      records.note(fact("health.sampled", parts.settings().config.id, vitals));
    }
    cancel = timer.at(clock.mono() + statusEveryMs, () => void beat());
  }

  function tellSelf(troubles: readonly ErrorCode[]): void {
    if (troubles.join() === told) return;
    told = troubles.join();
    runner.feed({ kind: "self", troubles });
  }

  void beat();
  return () => {
    ended = true;
    cancel();
    watch.stop();
  };
}

/** What is wrong with the box although it guards: its records would be lost with its power, or find no room. */
function selfTroubles(journal: RecorderStatus | null): readonly ErrorCode[] {
  if (journal === null) return ["journal.worker-died"];
  if (journal.volatile) return ["journal.volatile"];
  return journal.space === "all" ? [] : ["journal.disk-full"];
}

function statusOf(
  { clock, settings, runner, records, drivers }: PulseParts,
  journal: RecorderStatus | null,
  { vitals, isAlone }: { readonly vitals: BoxStatus["vitals"]; readonly isAlone: boolean },
): BoxStatus {
  const { site, config, revision } = settings();
  const state = runner.state();
  const now = clock.now();
  const { availability, faults } = tellFaults(state, now);
  return {
    site,
    edge: config.id,
    revision,
    now,
    ready: state.transient.settled,
    drivers: drivers.health(),
    hubConnected: journal?.hubConnected ?? false,
    ...(isAlone && { isAlone }),
    journal,
    vitals,
    availability,
    faults: faults.length,
    relays: relaysOf(state, now.mono),
    budgetBreaches: records.budgetBreaches(),
    durable: withoutHoldUps(state.durable, config),
  };
}

/** The journal's worker may be restarting; the box's own health must be told all the same. */
function statusWithin({ recorder, timer }: PulseParts, until: number): Promise<RecorderStatus | null> {
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
