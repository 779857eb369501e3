// The hub's client at its broker: takes records in, stores them, then acknowledges; carries commands down and results up.
import mqtt, { type MqttClient } from "mqtt";
import type { Clock } from "../../edge/machine/ports.js";
import type { CommandMessage, CommandResult } from "../../edge/model/command.js";
import { lanes } from "../../edge/model/record.js";
import type { Book, Ledger, OwnFact } from "../ledger/ledger.js";
import { findForks, forkKey } from "./forks.js";
import { readResult, readStatus, readTopic, type UpTopic } from "./message.js";
import { createPresence, type Presence } from "./presence.js";
import { createQueue, type IntakeCounts, wireHead } from "./queue.js";

export interface IntakeOptions {
  /** `mqtts://host:port` */
  readonly url: string;
  /** PEM texts of the client `hub-intake`. */
  readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  readonly clientId: string;
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
const reconnectMs = 500;
const keepaliveSeconds = 10;

/** Starts at once and keeps trying; does not wait for the broker. */
export function startIntake(options: IntakeOptions): Intake {
  const { events, clock } = options;
  const presence = createPresence(options.isSilent);
  const client = connect(options);
  const act = (facts: readonly OwnFact[]) => {
    if (facts.length > 0)
      options.book.act(...facts).catch((error: unknown) => events.trouble(`not recorded: ${String(error)}`));
  };
  const queue = createQueue(options, (site, edge, heads, scope) =>
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
    const text = payload.toString("utf8");
    if (from === null) return;
    const lane = lanes.find((name) => name === from.kind);
    if (lane !== undefined) queue.add({ ...from, lane, text });
    else if (from.kind === "status") takeStatus(from, { text, isLive: !retain }, { options, presence, client, act });
    else takeResult(from, text, events);
  });
  const watch = setInterval(() => act(presence.overdue(clock.mono())), presenceEveryMs);

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

function connect({ url, tls, clientId, events }: IntakeOptions): MqttClient {
  const client = mqtt.connect(url, {
    ...tls,
    clientId,
    protocolVersion: 4,
    clean: true,
    keepalive: keepaliveSeconds,
    reconnectPeriod: reconnectMs,
    reconnectOnConnackError: true,
    queueQoSZero: false,
    resubscribe: false,
  });
  client.on("connect", () => {
    const { stream } = client as unknown as { stream: { setNoDelay?: (on: boolean) => void } };
    stream.setNoDelay?.(true);
    const topics = [...lanes, "status", "result"].map((kind) => `portcullis/v1/+/+/${kind}`);
    client.subscribeAsync(topics, { qos: 0 }).catch((error: unknown) => {
      events.trouble(`intake cannot subscribe: ${String(error)}`);
      client.stream.destroy();
    });
  });
  return client;
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
  const { events, book, clock, stands } = options;
  const status = readStatus(text);
  if (status === null) {
    events.trouble(`${site}/${edge}: a status that cannot be read`);
    return;
  }
  events.online(site, edge, status.online);
  if (status.online)
    publish(client, `${site}/${edge}/ack`, { heads: book.headsOf(site, edge).map(wireHead), scope: "all" });
  act(presence.status(site, edge, status, clock.mono()));
  findForks({ site, edge }, { heads: status.heads, isLive }, options).then(
    // A fork shows at every greeting and in several lanes; it is one alarm.
    ([fork]) => act(fork === undefined || stands(forkKey(fork)) ? [] : [fork]),
    (error) => events.trouble(`${site}/${edge}: its heads were not compared: ${String(error)}`),
  );
}

function takeResult({ site, edge }: UpTopic, text: string, events: IntakeEvents): void {
  const result = readResult(text);
  if (result === null) events.trouble(`${site}/${edge}: a result that cannot be read`);
  else events.result(site, edge, result);
}
