// What the hub does by time alone: ends what has waited too long, escalates alarms, tells boxes what they have not heard, counts heads.
import type { Logger } from "pino";
import type { HubConfig } from "../config/hub.js";
import type { Clock } from "../edge/machine/ports.js";
import { type Tell, tryOf } from "./alarm/tells.js";
import { escalateAfterSecondsDefault, lookAfter } from "./alarm/warden.js";
import { commandTtlMs } from "./console/orders.js";
import type { Intake } from "./intake/intake.js";
import type { Book } from "./ledger/ledger.js";
import { createOnDuty } from "./people/on-duty.js";
import type { Reading } from "./reading.js";

const expireEveryMs = 500;
const lookEveryMs = 1000;
/** A box that has not written an acknowledgement down by then is told again. */
const tellAgainMs = 15_000;
const tellsPerLookMax = 64;

export interface UpkeepOptions {
  readonly config: HubConfig;
  readonly log: Logger;
  readonly clock: Clock;
  readonly reading: Reading;
  readonly book: Book;
  readonly operators: () => number;
  readonly intake: Pick<Intake, "command">;
  /** Each ends what has waited too long. */
  readonly expire: readonly (() => Promise<void>)[];
}

/** Starts at once; gives what stops it. */
export function startUpkeep(options: UpkeepOptions): () => void {
  const { log, expire } = options;
  const look = createLook(options);
  const expireAll = async () => {
    for (const end of expire) await end();
  };
  const stops = [every(expireEveryMs, expireAll, log), every(lookEveryMs, look, log)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Does the work again and again, one turn at a time; gives what stops it. */
export function every(ms: number, work: () => Promise<unknown>, log: Logger): () => void {
  let isBusy = false;
  const timer = setInterval(() => {
    if (isBusy) return;
    isBusy = true;
    work()
      .catch((error: unknown) => log.error({ err: error }, "upkeep was not recorded"))
      .finally(() => {
        isBusy = false;
      });
  }, ms);
  return () => clearInterval(timer);
}

function createLook({ config, clock, reading, book, operators, intake }: UpkeepOptions) {
  const { alarms, measures, isShorthanded } = reading;
  const needed = config.operatorsMin;
  const onDuty = needed === undefined ? () => [] : createOnDuty({ needed, present: operators, isShorthanded });
  const after = config.alarms?.escalateAfterSeconds ?? escalateAfterSecondsDefault;
  const tell = createTeller(intake);

  return async (): Promise<void> => {
    const { wall } = clock.now();
    const mono = clock.mono();
    tell(alarms.pendingTells(), mono);
    const facts = [...onDuty(mono), ...lookAfter(alarms, after, wall), ...measures.look(operators(), wall)];
    if (facts.length > 0) await book.act(...facts);
  };
}

/** Sends what a box has not written down. Each try has an id of its own: a box that is starting refuses, and remembers the id. */
function createTeller(intake: Pick<Intake, "command">) {
  let toldAt = new Map<string, number>();
  return (pending: Iterable<Tell>, mono: number): void => {
    const still = new Map<string, number>();
    let sent = 0;
    for (const { command, site, edge, incident, by } of pending) {
      const last = toldAt.get(command) ?? Number.NEGATIVE_INFINITY;
      still.set(command, last);
      if (mono - last < tellAgainMs || sent >= tellsPerLookMax) continue;
      const act = { kind: "acknowledge", incident } as const;
      const id = tryOf(command, mono);
      const isSent = intake.command(site, edge, { id, issuers: [by], reason: "", act, ttlMs: commandTtlMs });
      if (!isSent) continue;
      sent += 1;
      still.set(command, mono);
    }
    toldAt = still;
  };
}
