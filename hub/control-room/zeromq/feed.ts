// The alarm feed for control rooms over ZeroMQ: live on XPUB, snapshot and replay on ROUTER, both behind CURVE keys.
import { Context, Router, XPublisher } from "zeromq";
import type { Clock } from "../../../edge/machine/ports.js";
import type { AlarmView } from "../../console/views.js";
import type { Ledger, LedgerRow } from "../../ledger/ledger.js";
import { type Answers, createAnswers } from "./answers.js";
import { openDoor } from "./door.js";
import { alarmFrames, endFrame, errorFrame, type Frames, heartbeatFrames, readRequest } from "./frames.js";

export interface FeedOptions {
  readonly host: string;
  /** 0 takes free ones. */
  readonly publishPort: number;
  readonly requestPort: number;
  /** CURVE keys in Z85: the hub's own pair, and the public keys of those who may listen. */
  readonly keys: { readonly publicKey: string; readonly secretKey: string; readonly allowed: readonly string[] };
  readonly ledger: Pick<Ledger, "records" | "rowsAt">;
  /** Ledger sequences of the last records of all present alarms. */
  readonly activeSequences: () => readonly number[];
  /** The alarm that a record raises; undefined when it raises none. */
  readonly alarmOf: (row: LedgerRow) => AlarmView | undefined;
  /** Ledger sequence of the newest record that raised an alarm. */
  readonly sequence: () => number;
  readonly clock: Pick<Clock, "mono">;
  /** Something was refused or lost; for the log. */
  readonly trouble: (detail: string) => void;
}

export interface Feed {
  readonly publishPort: number;
  readonly requestPort: number;
  /** Sends a row to all listeners if it raises an alarm; never waits. */
  publish(row: LedgerRow): void;
  close(): Promise<void>;
}

/** Frames that may wait for the socket; what does not fit is told as trouble, and listeners replay it. */
const queueLengthMax = 10_000;
/** Frames that may wait for one listener. */
const listenerQueueMax = 10_000;
const heartbeatEveryMs = 1000;
const requestBytesMax = 4096;
const replayPageLength = 500;

/** Opens both sockets. Rejects when an address is taken or a key is malformed. */
export async function startFeed(options: FeedOptions): Promise<Feed> {
  const context = new Context();
  const door = await openDoor(context, options.keys.allowed, options.trouble);
  const { publicKey, secretKey } = options.keys;
  const security = { context, curveServer: true, curvePublicKey: publicKey, curveSecretKey: secretKey, linger: 0 };
  const publisher = new XPublisher({ ...security, zapDomain: "feed", sendHighWaterMark: listenerQueueMax });
  const router = new Router({
    ...security,
    zapDomain: "feed",
    mandatory: true,
    // A listener without room is found out at once.
    sendTimeout: 0,
    maxMessageSize: requestBytesMax,
  });
  const sockets = [publisher, router, door];
  const answers = createAnswers({
    send: (frames) => router.send(frames),
    answer: (body) => answer(body, options),
    ...options,
  });
  try {
    const publishPort = await bind(publisher, options.host, options.publishPort);
    const requestPort = await bind(router, options.host, options.requestPort);
    const writer = startWriter(publisher, options);
    void drain(publisher).catch(closedOr(options.trouble));
    void takeAll(router, answers).catch(closedOr(options.trouble));
    return {
      publishPort,
      requestPort,
      publish: writer.publish,
      async close() {
        writer.stop();
        await answers.close();
        for (const socket of sockets) socket.close();
      },
    };
  } catch (error) {
    for (const socket of sockets) socket.close();
    throw error;
  }
}

async function bind(socket: Router | XPublisher, host: string, port: number): Promise<number> {
  await socket.bind(`tcp://${host}:${port === 0 ? "*" : port}`);
  return Number(socket.lastEndpoint?.split(":").at(-1));
}

/** One send at a time per socket, so one loop sends and everybody else only queues. */
function startWriter(publisher: XPublisher, options: FeedOptions) {
  const queue: Frames[] = [];
  let sending = false;

  async function sendAll(): Promise<void> {
    sending = true;
    try {
      for (let frames = queue.shift(); frames !== undefined; frames = queue.shift()) await publisher.send(frames);
    } finally {
      sending = false;
    }
  }

  function enqueue(frames: Frames): void {
    if (queue.length >= queueLengthMax) {
      options.trouble(`the feed's queue is full, ${frames[0]} was not sent`);
      return;
    }
    queue.push(frames);
    if (!sending) void sendAll().catch(closedOr(options.trouble));
  }

  const heartbeat = setInterval(() => enqueue(heartbeatFrames(options.sequence())), heartbeatEveryMs);
  return {
    publish(row: LedgerRow): void {
      const alarm = options.alarmOf(row);
      if (alarm !== undefined) enqueue(alarmFrames(row, alarm));
    },
    stop: () => clearInterval(heartbeat),
  };
}

/** Subscriptions are kept by the library; here they only have to be taken off the socket. */
async function drain(publisher: XPublisher): Promise<void> {
  while (!publisher.closed) await publisher.receive();
}

async function takeAll(router: Router, answers: Answers): Promise<void> {
  for await (const frames of router) answers.take({ envelope: frames.slice(0, -1), body: frames.at(-1) });
}

async function* answer(body: Buffer | undefined, options: FeedOptions): AsyncGenerator<readonly (string | Buffer)[]> {
  const request = readRequest(body);
  if (request === null) {
    yield [errorFrame("api.invalid-body")];
    return;
  }
  // What was published before now is stored, so it is among the pages.
  let end = options.sequence();
  const pages = request.op === "snapshot" ? snapshot(options) : replay(options, request.from);
  for await (const rows of pages) {
    for (const row of rows) {
      const alarm = options.alarmOf(row);
      if (alarm !== undefined) yield alarmFrames(row, alarm);
      end = Math.max(end, row.sequence);
    }
  }
  yield [endFrame(end)];
}

async function* snapshot({ ledger, activeSequences }: FeedOptions): AsyncGenerator<readonly LedgerRow[]> {
  const sequences = [...activeSequences()].sort((a, b) => a - b);
  for (let at = 0; at < sequences.length; at += replayPageLength) {
    yield await ledger.rowsAt(sequences.slice(at, at + replayPageLength));
  }
}

async function* replay({ ledger }: FeedOptions, from: number): AsyncGenerator<readonly LedgerRow[]> {
  let after = from - 1;
  for (;;) {
    const rows = await ledger.records({ after, limit: replayPageLength, alarmsOnly: true });
    yield rows;
    if (rows.length < replayPageLength) return;
    after = rows.at(-1)?.sequence ?? after;
  }
}

/** Closing a socket ends its loop with an error, which is no news. */
function closedOr(trouble: (detail: string) => void): (error: unknown) => void {
  return (error) => {
    const code = (error as { code?: unknown }).code;
    if (code !== "EAGAIN" && code !== "EBADF" && code !== "ETERM") trouble(`feed: ${String(error)}`);
  };
}
