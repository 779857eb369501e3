// What a configuration of the field bus is refused or warned for: secrets in clear, keys that do not fit, topics of two.
import { describe, expect, it } from "vitest";
import { exposureFindings } from "../../../config/rules/exposure.js";
import { mqttFindings } from "../../../config/rules/field-bus.js";
import type { EdgeConfig } from "../../../edge/model/site.js";
import type { MqttDriverConfig } from "../../../edge/model/wiring.js";

const broker = { host: "127.0.0.1", port: 8884, connectionsMax: 8, packetBytesMax: 4_096 };
const lamp = { direction: "out", device: "a", payload: "plain", topic: "a/lamp", confirmTopic: "a/lamp-is" } as const;

function driver(
  way: Pick<MqttDriverConfig, "broker" | "url" | "login" | "tls">,
  points: MqttDriverConfig["points"] = [{ id: "lamp", ...lamp }],
): MqttDriverConfig {
  const devices = ["a", "b"].map((id) => ({ id, aliveTopic: `${id}/alive`, silentAfterMs: 1_000 }));
  return { id: "field", kind: "mqtt", ...way, devices, points };
}

function findings(config: MqttDriverConfig): readonly string[] {
  // Of the box only its listeners are looked at.
  const edge = { http: { host: "127.0.0.1" }, drivers: [config] } as unknown as EdgeConfig;
  return [...mqttFindings(config, ["d"]), ...exposureFindings(edge)].map(
    ({ path, warning, message }) => `${path.join(".")}${warning ? " (warning)" : ""}: ${message.en}`,
  );
}

describe("the field bus in a configuration", () => {
  it("is told for a plain broker that others reach how it gets TLS", () => {
    const config = driver({ broker: { ...broker, host: "192.0.2.1" } });
    const edge = { http: { host: "127.0.0.1" }, drivers: [config] } as unknown as EdgeConfig;
    const [finding] = exposureFindings(edge);
    for (const language of ["zh", "en"] as const) expect(finding?.remedy[language]).toContain("tls: {clients: ");
  });

  it.each<readonly [string, MqttDriverConfig]>([
    ["a plain broker on loopback", driver({ broker })],
    [
      "a broker with TLS for others",
      driver({ broker: { ...broker, host: "192.0.2.1", tls: { clients: "password" } } }),
    ],
    [
      "a broker with TLS on all addresses that knows its name",
      driver({ broker: { ...broker, host: "0.0.0.0", tls: { clients: "certificate", hosts: ["box.local"] } } }),
    ],
    ["an existing broker on loopback with a login", driver({ url: "mqtt://127.0.0.1:1883", login: { user: "box" } })],
    ["an existing broker on IPv6's loopback", driver({ url: "mqtt://[::1]:1883", login: { user: "box" } })],
    [
      "an existing broker with login and keys",
      driver({
        url: "mqtts://192.0.2.1:8883",
        login: { user: "box" },
        tls: { ca: "a", certificate: "b", key: "c" },
      }),
    ],
  ])("may be %s", (_what, config) => {
    expect(findings(config)).toEqual([]);
  });

  it.each<readonly [string, MqttDriverConfig, RegExp]>([
    [
      "a plain broker that others reach",
      driver({ broker: { ...broker, host: "192.0.2.1" } }),
      /^drivers\.0\.broker\.host: 192\.0\.2\.1 can be reached from outside/,
    ],
    [
      "TLS on all addresses without a name",
      driver({ broker: { ...broker, host: "0.0.0.0", tls: { clients: "password" } } }),
      /^d\.broker\.tls: On all addresses/,
    ],
    [
      "a login in clear",
      driver({ url: "mqtt://192.0.2.1", login: { user: "box" } }),
      /^d\.url: A password would leave this machine in clear/,
    ],
    [
      "keys without TLS",
      driver({ url: "mqtt://127.0.0.1", tls: { ca: "a" } }),
      /^d\.tls: tls is for a url with mqtts:/,
    ],
    ["keys for the box's own broker", driver({ broker, tls: { ca: "a" } }), /^d\.tls: tls is for a url/],
    [
      "a key without certificate",
      driver({ url: "mqtts://h", tls: { key: "a" } }),
      /^d\.tls: certificate and key belong/,
    ],
    ["broker and url", driver({ broker, url: "mqtts://h" }), /^d: Exactly one of broker and url/],
    ["neither", driver({}), /^d: Exactly one of broker and url/],
    [
      "an order that would confirm itself",
      driver({ broker }, [{ id: "lamp", ...lamp, confirmTopic: "a/lamp" }]),
      /^d\.points\.0\.confirmTopic: On a\/lamp the box gives orders/,
    ],
    [
      "a sign of life where orders are given",
      driver({ broker }, [{ id: "lamp", ...lamp, topic: "b/alive" }]),
      /^d\.devices\.1\.aliveTopic: On b\/alive the box gives orders/,
    ],
    [
      "a topic of two devices",
      driver({ broker }, [{ id: "x", direction: "in", device: "b", payload: "plain", topic: "a/alive" }]),
      /^d\.points\.0\.topic \(warning\): The topic a\/alive belongs to the device a/,
    ],
    [
      "a password in the file",
      driver({ url: "mqtts://box:secret@192.0.2.1" }),
      /^d\.url \(warning\): A password stands in the configuration/,
    ],
  ])("is told of %s", (_what, config, says) => {
    expect(findings(config)).toEqual([expect.stringMatching(says)]);
    expect(findings(config).join()).not.toContain("secret");
  });

  it("refuses a password that stands in the address and would leave this machine in clear", () => {
    expect(findings(driver({ url: "mqtt://box:secret@192.0.2.1" }))).toEqual([
      expect.stringMatching(/^d\.url: A password would leave this machine in clear/),
      expect.stringMatching(/^d\.url \(warning\): A password stands in the configuration/),
    ]);
  });
});
