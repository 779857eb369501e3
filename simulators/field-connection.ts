// A field device's way to the broker in the box: it logs in with what it was given and comes back for ever.
import { connect as connectSocket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type IClientOptions, MqttClient } from "mqtt";
import { type Certificate, type Credentials, secretOf } from "./credentials.js";

const retryMs = 1_000;
const connectMs = 5_000;
const keepaliveSeconds = 10;
/** While this much waits for a broker that does not read, what comes is dropped. */
const backlogBytesMax = 256 * 1024;

export interface FieldLogin {
  readonly broker: { readonly host: string; readonly port: number };
  readonly device: string;
  readonly aliveTopic: string;
  readonly credentials: Credentials;
}

export interface FieldEvents {
  /** Logged in; publishing works. */
  up(): void;
  down(): void;
  /** Words for the log, never a secret. */
  trouble(text: string): void;
}

export interface FieldConnection {
  /** Sends when connected; what is said while the broker is away is lost, as on a real device without memory. */
  publish(topic: string, payload: string, qos: 0 | 1): void;
  close(): void;
}

function createClient(login: FieldLogin, secret: string | Certificate): MqttClient {
  const { broker, device, aliveTopic } = login;
  const options: IClientOptions = {
    protocolVersion: 4,
    clientId: device,
    ...(typeof secret === "string" ? { username: device, password: secret } : {}),
    reconnectPeriod: 0,
    connectTimeout: connectMs,
    keepalive: keepaliveSeconds,
    queueQoSZero: false,
    will: { topic: aliveTopic, payload: Buffer.from("offline"), qos: 1, retain: false },
  };
  const dial = () =>
    typeof secret === "string"
      ? connectSocket({ ...broker, noDelay: true })
      : connectTls({ ...broker, ...secret }).setNoDelay(true);
  return new MqttClient(dial, options);
}

/** Connects now and after each loss, one try a second; without a password yet it waits for one. */
export function connectField(login: FieldLogin, events: FieldEvents): FieldConnection {
  let client: MqttClient | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  let lastTrouble = "";
  const trouble = (text: string) => {
    if (text !== lastTrouble) events.trouble(`${login.device}: ${text}`);
    lastTrouble = text;
  };
  const tryLater = () => {
    client = null;
    if (!isClosed) timer = setTimeout(tryNow, retryMs);
  };
  const tryNow = () => {
    const secret = secretOf(login.credentials, login.device);
    if (secret === undefined) {
      trouble("no password or certificate yet");
      tryLater();
      return;
    }
    const present = createClient(login, secret);
    client = present;
    let wasUp = false;
    present.on("connect", () => {
      wasUp = true;
      lastTrouble = "";
      events.up();
    });
    present.on("error", (error) => {
      trouble(error.message);
      present.end(true);
    });
    present.once("close", () => {
      if (wasUp) events.down();
      present.end(true);
      tryLater();
    });
  };
  tryNow();
  return {
    publish: (topic, payload, qos) => {
      if (client?.connected !== true || client.stream.writableLength > backlogBytesMax) return;
      client.publish(topic, payload, { qos }, (error) => {
        if (error) trouble(error.message);
      });
    },
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      client?.end(true);
    },
  };
}
