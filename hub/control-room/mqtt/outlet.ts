// The outlet to control rooms over MQTT: pictures of all alarms at a broker of their own, acts and replays on request.
import type { MqttClient } from "mqtt";
import type { Role } from "../../../edge/model/command.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { AlarmActs, AlarmFeed } from "../../alarm/acts.js";
import { type Answering, type Asking, answerTopic, askingFilters, readAsking } from "../../broker/rooms.js";
import { connectMqtt, reconnectMs } from "../../mqtt-client.js";
import { wait } from "../wait.js";
import { type Publish, show, showAll } from "./pictures.js";
import { idOf, readAct, readReplay } from "./requests.js";

export interface MqttOutletOptions {
  /** `mqtts://host:port` of the control rooms' broker, and the hub's certificate there. */
  readonly link: {
    readonly url: string;
    readonly clientId: string;
    readonly tls: { readonly ca: string; readonly cert: string; readonly key: string };
  };
  readonly feed: AlarmFeed;
  readonly acts: AlarmActs;
  /** What persons at this control room may do; undefined: it only listens. */
  readonly roleOf: (room: string) => Role | undefined;
  readonly trouble: (detail: string) => void;
}

export interface MqttOutlet {
  readonly name: "mqtt";
  health(): { readonly reachable: boolean; readonly after: number };
  close(): Promise<void>;
}

/** Changes in one answer to a replay, and their bytes: a packet above the broker's limit would end the hub's own link. */
export const replayMax = 1000;
const replayBytesMax = 256 * 1024;
/** Pictures that the broker has not taken yet. */
const underWayMax = 64;
/** Requests that may be worked on at a time; more are refused. */
const requestsMax = 64;

/** Starts at once and keeps trying; does not wait for the broker. */
export function startMqttOutlet(options: MqttOutletOptions): MqttOutlet {
  const { feed, trouble } = options;
  const client = connect(options);
  const ending = new AbortController();
  /** Topics at which a picture may hang. */
  const hanging = new Set<string>();
  let after = 0;
  let showing = new AbortController();

  /** From the whole picture on, change after change, until the link goes. */
  async function showFrom(signal: AbortSignal): Promise<void> {
    const { sequence, alarms } = feed.snapshot();
    const sender = createSender(client);
    const send = async (publishes: readonly Publish[], reached: number | null) => {
      for (const [index, publish] of publishes.entries()) {
        if (signal.aborted) return;
        const { topic, payload, retain } = publish;
        if (retain && payload !== "") hanging.add(topic);
        await sender.send(publish, () => {
          if (payload === "") hanging.delete(topic);
          if (index === publishes.length - 1 && reached !== null) after = reached;
        });
      }
    };
    await send(showAll(hanging, alarms), sequence);
    for await (const change of feed.changes(sequence, signal)) {
      for (const [index, alarm] of change.alarms.entries())
        await send(show(alarm), index === change.alarms.length - 1 ? change.sequence : null);
    }
  }

  client.on("connect", () => {
    showing.abort();
    showing = new AbortController();
    const { signal } = showing;
    showFrom(signal).catch((error: unknown) => {
      if (signal.aborted || ending.signal.aborted) return;
      trouble(`alarms could not be shown over MQTT: ${String(error)}`);
      // With a new connection everything is shown again.
      void wait(reconnectMs, ending.signal).then(() => client.reconnecting || client.stream.destroy());
    });
  });
  client.on("close", () => showing.abort());
  client.on("error", (error) => trouble(`control rooms' broker: ${error.message}`));
  answerRequests(client, options, ending.signal);

  return {
    name: "mqtt",
    health: () => ({ reachable: client.connected, after }),
    async close() {
      ending.abort();
      showing.abort();
      await client.endAsync(true);
    },
  };
}

/** Sends in order, with many on their way: in a storm nothing waits for the answer to the one before. */
function createSender(client: MqttClient) {
  const underWay = new Set<Promise<unknown>>();
  let fault: unknown = null;
  return {
    /** Rejects when one that was sent before was not taken. */
    async send({ topic, payload, retain }: Publish, taken: () => void): Promise<void> {
      if (fault !== null) throw fault;
      const sending = client.publishAsync(topic, payload, { qos: 1, retain }).then(taken, (error: unknown) => {
        fault ??= error;
        // Without a new connection nothing would be shown again before the next change.
        client.stream.destroy();
      });
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
      if (underWay.size >= underWayMax) await Promise.race(underWay);
    },
  };
}

function connect({ link, trouble }: MqttOutletOptions): MqttClient {
  return connectMqtt({
    url: link.url,
    ...link.tls,
    clientId: link.clientId,
    topics: askingFilters(),
    qos: 1,
    refused: (error) => trouble(`control rooms cannot be heard: ${String(error)}`),
  });
}

const answered: Readonly<Record<Asking, Answering>> = { act: "result", replay: "replayed" };

function answerRequests(client: MqttClient, options: MqttOutletOptions, ending: AbortSignal): void {
  let working = 0;
  /** Rooms that are being given a replay: each reads the whole ledger once more. */
  const replaying = new Set<string>();

  client.on("message", (topic, payload, { retain }) => {
    const asked = readAsking(topic);
    if (asked === null) return;
    const { room, kind } = asked;
    const text = payload.toString("utf8");
    const topicOfAnswer = answerTopic(room, answered[kind]);
    const answer = (body: object) => {
      if (!ending.aborted) client.publish(topicOfAnswer, JSON.stringify({ id: idOf(text), ...body }), { qos: 1 });
    };
    const refuse = ({ trouble }: PortcullisError) => answer({ ok: false, ...trouble });
    // A retained request would be carried out at each start.
    if (retain || working >= requestsMax) {
      const detail = retain ? "a retained request" : `${requestsMax} requests are under way`;
      return refuse(new PortcullisError({ code: "api.invalid-body", place: "/", detail }));
    }
    if (kind === "replay" && replaying.has(room))
      return refuse(new PortcullisError({ code: "api.throttled", place: "/", detail: "a replay is under way" }));
    working += 1;
    if (kind === "replay") replaying.add(room);
    const work = kind === "act" ? perform(room, text, options) : replay(text, options, ending);
    work
      .then(answer, (error: unknown) => {
        if (error instanceof PortcullisError) return refuse(error);
        options.trouble(`a request of ${room} failed: ${String(error)}`);
        refuse(new PortcullisError({ code: "api.internal", place: "/", detail: "" }));
      })
      .finally(() => {
        working -= 1;
        if (kind === "replay") replaying.delete(room);
      });
  });
}

async function perform(room: string, text: string, { acts, roleOf }: MqttOutletOptions): Promise<object> {
  const read = readAct(text);
  if (!read.ok) throw invalid(read.place);
  const role = roleOf(room);
  if (role === undefined) throw new PortcullisError({ code: "api.forbidden", place: "/", detail: room });
  const { alarm, act, by, note } = read.request;
  const actor = { user: by, role, outlet: `mqtt:${room}`, ...(note !== "" && { note }) };
  return { ok: true, alarm: await acts.perform(actor, alarm, act) };
}

/** `more`: there are changes behind the last one that is given. */
async function replay(text: string, { feed }: MqttOutletOptions, ending: AbortSignal): Promise<object> {
  const read = readReplay(text);
  if (!read.ok) throw invalid(read.place);
  const until = feed.head();
  const changes = [];
  let bytes = 0;
  if (read.request.after < until) {
    for await (const change of feed.changes(read.request.after, ending)) {
      changes.push(change);
      bytes += Buffer.byteLength(JSON.stringify(change));
      if (change.sequence >= until || changes.length >= replayMax || bytes >= replayBytesMax) break;
    }
  }
  return { ok: true, changes, more: (changes.at(-1)?.sequence ?? until) < until };
}

function invalid(place: string): PortcullisError {
  return new PortcullisError({ code: "api.invalid-body", place, detail: "" });
}
