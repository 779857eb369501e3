// One life of a box in virtual time: the production controller, journal and uplink between the simulated field, disk and
// network. What threads do in the product happens here in one.

import { inventoryOf } from "../../edge/agent/inventory.js";
import type { DurableMemory } from "../../edge/agent/memory.js";
import { createNotifier } from "../../edge/agent/notifier.js";
import type { RecorderEntry } from "../../edge/agent/recorder-messages.js";
import { createRunner, type Runner } from "../../edge/agent/runner.js";
import { initialState } from "../../edge/controller.js";
import { fold } from "../../edge/incident/durable.js";
import type { Appended, Journal, JournalDraft, JournalOptions } from "../../edge/journal/journal.js";
import { openJournal } from "../../edge/journal/open.js";
import type { Clock, Disk, Link, Timer } from "../../edge/machine/ports.js";
import { type Command, type CommandResult, urgentActs } from "../../edge/model/command.js";
import type { Durable } from "../../edge/model/durable.js";
import type { Trouble } from "../../edge/model/error.js";
import { type Fact, fact } from "../../edge/model/fact.js";
import type { WriteRequest } from "../../edge/model/point.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import type { Signer } from "../../edge/record/sign.js";
import type { RecordSource } from "../../edge/uplink/sender.js";
import { Uplink } from "../../edge/uplink/uplink.js";
import type { Field } from "./field.js";
import type { Life } from "./world.js";

export interface BoxWatch {
  /** The controller stated facts; they are not durable yet. */
  facts(entries: readonly RecorderEntry[]): void;
  /** Facts go to the journal. */
  handed(drafts: readonly JournalDraft[]): void;
  /** The journal has answered: its records are on the medium, or in memory. */
  settled(drafts: readonly JournalDraft[], appended: Appended): void;
  wrote(request: WriteRequest): void;
  trouble(trouble: Trouble): void;
  /** The journal is open, the chain not yet judged; nothing of this life is written. */
  opened(journal: Journal, durable: Durable): Promise<void>;
}

export interface BoxSetup {
  readonly site: string;
  readonly config: EdgeConfig;
  readonly life: Life;
  readonly disk: Disk;
  readonly link: Link;
  readonly field: Field;
  readonly watch: BoxWatch;
  readonly options: JournalOptions;
  /** Planted bugs put another in their place. */
  readonly controllerClock: { readonly clock: Clock; readonly timer: Timer };
  readonly memory: DurableMemory;
  readonly signer: Signer;
  readonly sourceOf: (source: RecordSource) => RecordSource;
}

export interface Box {
  readonly journal: Journal;
  readonly runner: Runner;
  readonly uplink: Uplink;
  readonly startedAt: number;
  /** A command at the box itself. */
  order(command: Command): Promise<CommandResult>;
  apply(config: EdgeConfig): void;
}

const healthEveryMs = 180_000;

export async function startBox(setup: BoxSetup): Promise<Box> {
  const { life, watch, config, field, site, memory } = setup;
  const journal = await openJournal({
    disk: async () => setup.disk,
    machine: life,
    options: setup.options,
    memory,
    signer: setup.signer,
    onTrouble: watch.trouble,
  });
  await watch.opened(journal, memory.durable());
  const { clock } = setup.controllerClock;
  let entry = 0;
  let alarms = Promise.resolve();
  const uplink = new Uplink({
    site,
    edge: config.id,
    links: [setup.link],
    source: setup.sourceOf(sourceOf(journal)),
    machine: life,
    async onCommand(command, expiresAt) {
      if (life.clock.mono() > expiresAt) return { id: command.id, ok: false, code: "command.expired" };
      return order(command);
    },
    onTrouble: watch.trouble,
  });

  async function append(entries: readonly RecorderEntry[]): Promise<void> {
    const drafts = entries.map(({ fact: known, now, exercise }): JournalDraft => {
      entry += 1;
      return { ...known, data: { ...known.data }, now, exercise, entry };
    });
    watch.handed(drafts);
    const appended = await journal.append(drafts);
    watch.settled(drafts, appended);
    uplink.wake();
  }
  const recorded = (entries: readonly RecorderEntry[]) => {
    const done = append(entries);
    if (entries.some(({ fact: { lane } }) => lane === "alarm")) alarms = done;
    done.catch((error) => watch.trouble({ code: "journal.sync-failed", place: "append", detail: String(error) }));
  };
  const own = (known: Fact): readonly RecorderEntry[] => [{ fact: known, now: clock.now(), exercise: false }];
  const started = fact("agent.started", config.id, { version: "simulated", revision: 1, at: clock.now() });
  const durable = fold(memory.durable(), started);
  recorded(own(started));
  const runner = createRunner(initialState(config, durable, clock.now()), {
    ...setup.controllerClock,
    write(request) {
      watch.wrote(request);
      field.write(request);
    },
    append(entries) {
      watch.facts(entries);
      recorded(entries);
    },
    notify: ({ step }) => notifier.notify(step),
    trace: () => undefined,
  });
  const notifier = createNotifier({
    ...setup.controllerClock,
    written: () => alarms,
    lanes: async () => ({ ...journal.status(), heads: journal.heads(), acknowledged: journal.acknowledged() }),
    durable: () => runner.state().durable,
    notified: (told) => runner.feed({ kind: "notified", ...told }),
  });
  async function order(command: Command): Promise<CommandResult> {
    if (!urgentActs.includes(command.act.kind)) {
      const { id, issuers, act, reason } = command;
      await append(own(fact("operator.commanded", id, { command: id, issuers, act, reason })));
    }
    return runner.command(command);
  }
  function apply(next: EdgeConfig): void {
    const inventory = inventoryOf(next);
    recorded(own(fact("config.applied", next.id, { revision: 2, hash: "", inventory })));
    runner.feed({ kind: "config", config: next });
  }
  function pulse(): void {
    recorded(own(fact("health.sampled", config.id, { stepMsMax: runner.stepMsMax() })));
    life.timer.at(life.clock.mono() + healthEveryMs, pulse);
  }

  uplink.start();
  runner.feed({ kind: "started" });
  field.attach({ monoNow: () => clock.mono(), feed: (input) => runner.feed(input) });
  life.timer.at(life.clock.mono() + healthEveryMs, pulse);
  return { journal, runner, uplink, startedAt: life.clock.mono(), order, apply };
}

function sourceOf(journal: Journal): RecordSource {
  return {
    epoch: () => journal.status().epoch,
    heads: () => journal.heads(),
    acknowledged: () => journal.acknowledged(),
    read: journal.read.bind(journal),
    acknowledge: journal.acknowledge.bind(journal),
  };
}
