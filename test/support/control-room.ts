// What stands at the far ends of a running demo: a control room on the feed, a page on the stream, a reader at the
// bollard controller.
import { AttributeIds, LogLevel, OPCUAClient, setLogLevel } from "node-opcua";
import { Subscriber } from "zeromq";
import type { JournalRecord } from "../../edge/model/record.js";
import type { AlarmView } from "../../hub/console/views.js";
import type { Access } from "./demo.js";
import { until } from "./until.js";

setLogLevel(LogLevel.Error);

export interface Listener<T> {
  readonly heard: readonly T[];
  close(): void;
}

export interface FeedMessage {
  readonly topic: string;
  readonly sequence: number;
  readonly record: Partial<JournalRecord>;
}

/** Hears everything that is published once it resolves. */
export async function listenToFeed({ zeromq }: Access): Promise<Listener<FeedMessage>> {
  const socket = new Subscriber({
    curveServerKey: zeromq.serverPublicKey,
    curvePublicKey: zeromq.clientPublicKey,
    curveSecretKey: zeromq.clientSecretKey,
    linger: 0,
  });
  socket.connect(zeromq.publish);
  socket.subscribe();
  const heard: FeedMessage[] = [];
  void (async () => {
    for await (const [topic, sequence, json] of socket) {
      heard.push({
        topic: String(topic),
        sequence: Number(sequence?.readBigUInt64BE()),
        record: JSON.parse(String(json)),
      });
    }
  })();
  await until("the feed's heartbeat", async () => heard.length > 0);
  return { heard, close: () => socket.close() };
}

/** Alarms as the page hears them. */
export async function listenToStream({ hub, token }: Access): Promise<Listener<AlarmView>> {
  const abort = new AbortController();
  const response = await fetch(hub.stream, { headers: { authorization: `Bearer ${token}` }, signal: abort.signal });
  const heard: AlarmView[] = [];
  // A hub that ends cuts its streams.
  void collect(response, heard).catch(() => undefined);
  return { heard, close: () => abort.abort() };
}

async function collect(response: Response, heard: AlarmView[]): Promise<void> {
  let text = "";
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    const events = (text + Buffer.from(chunk).toString("utf8")).split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = /^event: alarm\ndata: (.*)$/m.exec(event)?.[1];
      if (data !== undefined) heard.push(JSON.parse(data));
    }
  }
}

export interface Contact {
  readonly closed: unknown;
  /** The controller's own clock. */
  readonly changedAt: Date;
}

export interface BollardReader {
  read(bollard: string): Promise<Contact>;
  close(): Promise<void>;
}

/** A client of its own at the simulated bollard controller. */
export async function readBollards({ simulators }: Access): Promise<BollardReader> {
  const controller = simulators.opcua[0];
  const client = OPCUAClient.create({ endpointMustExist: false, connectionStrategy: { maxRetry: 3 } });
  await client.connect(controller?.endpoint ?? "");
  const session = await client.createSession();
  return {
    async read(bollard) {
      const nodes = controller?.bollards[bollard] ?? {};
      const [closed, changedAt] = await session.read(
        [nodes["Closed"], nodes["ChangedAt"]].map((nodeId) => ({
          nodeId: nodeId ?? "",
          attributeId: AttributeIds.Value,
        })),
      );
      return { closed: closed?.value.value, changedAt: new Date(changedAt?.value.value) };
    },
    async close() {
      await session.close();
      await client.disconnect();
    },
  };
}
