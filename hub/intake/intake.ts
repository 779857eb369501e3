// The hub's client at its broker: takes records in, stores them, then acknowledges; carries commands down and results up.
import { setImmediate } from "node:timers/promises";
import type { MqttClient } from "mqtt";
import type { Clock } from "../../edge/machine/ports.js";
import type { CommandMessage, CommandResult } from "../../edge/model/command.js";
import type { ErrorCode } from "../../edge/model/error.js";
import { lanes } from "../../edge/model/record.js";
import type { Book, Ledger, OwnFact } from "../ledger/ledger.js";
import { connectMqtt } from "../mqtt-client.js";
import { findForks } from "./forks.js";
import { readResult, readStatus, readTopic, type UpTopic } from "./message.js";
import { createPresence, type Presence } from "./presence.js";
import { createQueue, type IntakeCounts, wireHead } from "./queue.js";

export interface IntakeOptions {
  /** `mqtts://host:port` */
  readonly url: string;
  /** PEM texts; without certificate and key the login counts. */
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly login?: { readonly username: string; readonly password: string };
  readonly clientId: string;
  /** Whether the hub hears this box; another broker than ours may let more in. */
  readonly admits: (site: string, edge: string) => boolean;
  /** Larger messages are not looked at. */
  readonly packetBytesMax: number;
  readonly book: Book;
  readonly ledger: Pick<Ledger, "hashes">;
  readonly clock: Clock;
  /** Whether the alarm that a box is silent stands already. */
  readonly isSilent: (site: string, edge: string) => boolean;
  /** Whether an alarm with this key stands. */
  readonly stands: (key: string) => boolean;
  readonly events: IntakeEvents;
}

/** None of them may throw. */
export interface IntakeEvents {
  online(site: string, edge: string, online: boolean): void;
  /** The hub's own link is gone; no box can be reached. */
  unlinked(): void;
  result(site: string, edge: string, result: CommandResult): void;
  received(counts: IntakeCounts): void;
  /** A box asks for a new certificate; what `answer` is given goes to that box. */
  renew(site: string, edge: string, text: string, answer: (answer: object) => void): void;
  /** A message was not looked at. Counted by whoever listens, because another broker may let a flood through. */
  refused(code: ErrorCode, detail: string): void;
  trouble(detail: string): void;
}

export interface Intake {
  isConnected(): boolean;
  /** False when the last write failed. */
  isStoring(): boolean;
  /** Sends a command to a box; false when the box is away. */
  command(site: string, edge: string, command: Omit<CommandMessage, "session">): boolean;
  close(): Promise<void>;
}

const presenceEveryMs = 500;
const away = { online: false, session: "" };

/** Starts at once and keeps trying; does not wait for the broker. */
export function startIntake(options: IntakeOptions): Intake {
  const { events, clock } = options;
  const presence = createPresence(options.isSilent);
  const client = connect(options);
  const act = createActing(options);
  const queue = createQueue({ ...options, breathe: setImmediate }, (site, edge, heads, scope) =>
    publish(client, `${site}/${edge}/ack`, { heads, scope }),
  );

  client.on("connect", () => presence.linked(options.book.boxes(), clock.mono()));
  client.on("close", () => {
    presence.unlinked();
    events.unlinked();
  });
  client.on("error", (error) => events.trouble(`intake: ${error.message}`));
  client.on("message", (topic, payload, { retain }) => {
    const from = readTopic(topic);
    if (from === null || !isHeard(from, { bytes: payload.length, retain }, options)) return;
    const text = payload.toString("utf8");
    const lane = lanes.find((name) => name === from.kind);
    if (lane !== undefined) queue.add({ ...from, lane, text });
    else if (from.kind === "status") takeStatus(from, { text, isLive: !retain }, { options, presence, client, act });
    else if (from.kind === "renew")
      events.renew(from.site, from.edge, text, (answer) =>
        publish(client, `${from.site}/${from.edge}/renewed`, answer),
      );
    else takeResult(from, text, events);
  });
  const watch = setInterval(() => {
    for (const { site, edge } of options.book.boxes())
      if (presence.session(site, edge) !== null && !options.admits(site, edge)) {
        // Its last will is not heard any more.
        events.online(site, edge, false);
        act(presence.status(site, edge, away, clock.mono()));
      }
    act(presence.overdue(clock.mono()));
  }, presenceEveryMs);

  return {
    isConnected: () => client.connected,
    isStoring: queue.isSound,
    command(site, edge, command) {
      const session = presence.session(site, edge);
      if (session === null || !client.connected) return false;
      publish(client, `${site}/${edge}/command`, { ...command, session });
      return true;
    },
    async close() {
      clearInterval(watch);
      await client.endAsync(true);
      await queue.close();
    },
  };
}

/** What our own broker would not let pass; another one may. */
function isHeard(
  { site, edge, kind }: UpTopic,
  { bytes, retain }: { readonly bytes: number; readonly retain: boolean },
  { admits, packetBytesMax, events }: IntakeOptions,
): boolean {
  // Only a status may wait at the broker; anything else that was kept is not of now.
  const refuse = (code: ErrorCode, why: string) => {
    events.refused(code, `${site}/${edge}/${kind}: ${why}`);
    return false;
  };
  if (!admits(site, edge)) return refuse("field.login-refused", "the box is not admitted");
  if (bytes > packetBytesMax) return refuse("field.payload-oversize", `${bytes} bytes`);
  if (retain && kind !== "status") return refuse("field.topic-refused", "retained");
  return true;
}

/** What happens while the book writes is written together: all boxes may come back in the same second. */
function createActing({ book, events }: Pick<IntakeOptions, "book" | "events">): (facts: readonly OwnFact[]) => void {
  let waiting: readonly OwnFact[] = [];
  let isWriting = false;

  async function writeAll(): Promise<void> {
    isWriting = true;
    while (waiting.length > 0) {
      const facts = waiting;
      waiting = [];
      await book.act(...facts).catch((error: unknown) => events.trouble(`not recorded: ${String(error)}`));
    }
    isWriting = false;
  }

  return (facts) => {
    waiting = [...waiting, ...facts];
    if (!isWriting) void writeAll();
  };
}

function connect({ url, tls, login, clientId, events }: IntakeOptions): MqttClient {
  return connectMqtt({
    url,
    ...tls,
    ...login,
    clientId,
    topics: [...lanes, "status", "result", "renew"].map((kind) => `portcullis/v1/+/+/${kind}`),
    qos: 0,
    refused: (error) => events.trouble(`intake cannot subscribe: ${String(error)}`),
  });
}

/** Nothing waits for it: what does not arrive is asked for or sent again by the box. */
function publish(client: MqttClient, path: string, payload: unknown): void {
  client.publish(`portcullis/v1/${path}`, JSON.stringify(payload), { qos: 0 });
}

interface Surroundings {
  readonly options: IntakeOptions;
  readonly presence: Presence;
  readonly client: MqttClient;
  readonly act: (facts: readonly OwnFact[]) => void;
}

/** A box that is there is told what the hub has of it, on all lanes; it goes on from there. */
function takeStatus(
  { site, edge }: UpTopic,
  { text, isLive }: { text: string; isLive: boolean },
  { options, presence, client, act }: Surroundings,
): void {
  const { events, book, clock } = options;
  const status = readStatus(text);
  if (status === null) {
    events.trouble(`${site}/${edge}: a status that cannot be read`);
    return;
  }
  events.online(site, edge, status.online);
  if (status.online) {
    const heads = book.headsOf(site, edge).map(wireHead);
    publish(client, `${site}/${edge}/ack`, { heads, scope: "all", renews: true });
  }
  act(presence.status(site, edge, status, clock.mono()));
  findForks({ site, edge }, { heads: status.heads, isLive }, options).then(act, (error) =>
    events.trouble(`${site}/${edge}: its heads were not compared: ${String(error)}`),
  );
}

function takeResult({ site, edge }: UpTopic, text: string, events: IntakeEvents): void {
  const result = readResult(text);
  if (result === null) events.trouble(`${site}/${edge}: a result that cannot be read`);
  else events.result(site, edge, result);
}
