// The hub as a client of an MQTT broker: one session that starts clean, keeps trying, and hears what it asked for.
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";

export interface MqttClientOptions extends Pick<IClientOptions, "ca" | "cert" | "key" | "username" | "password"> {
  /** `mqtts://host:port` */
  readonly url: string;
  readonly clientId: string;
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  /** The topics were refused; the link is cut and tried again. */
  readonly refused: (error: unknown) => void;
}

/** Between two tries. */
export const reconnectMs = 500;
const keepaliveSeconds = 10;

/** Starts at once and does not wait for the broker. */
export function connectMqtt(options: MqttClientOptions): MqttClient {
  const { url, topics, qos, refused, ...login } = options;
  const client = mqtt.connect(url, {
    ...login,
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
    client.subscribeAsync([...topics], { qos }).catch((error: unknown) => {
      refused(error);
      client.stream.destroy();
    });
  });
  return client;
}
