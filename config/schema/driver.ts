// Schemas of the drivers and their points, the same as the types in edge/model/site.ts.
import { type Static, Type } from "typebox";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { type Assert, choice, closed, flag, host, id, line, list, ms, port, type Same, topic, whole } from "./terms.js";

const base = {
  id: id("A point, unique within the box."),
  direction: Type.Enum(["in", "out"], { description: "`in` is read, `out` is written." }),
  latencyMs: Type.Optional(
    ms("Declared time between the physical change, or the end of a block of samples, and its arrival here.", 0, 60_000),
  ),
  silentAfterMs: Type.Optional(ms("Without a sample for this long the point counts as lost.", 100)),
};

const mqttPoint = closed({
  ...base,
  device: id("A device of this driver."),
  topic: topic("Topic that carries the value."),
  payload: Type.Enum(["plain", "json", "level", "number", "text"], { description: "level: {t0, periodUs, values}." }),
  path: Type.Optional(line("Dotted path of the value in a JSON payload.", 128)),
  on: Type.Optional(line("Text that means true.", 64)),
  off: Type.Optional(line("Text that means false.", 64)),
  sourceTimePath: Type.Optional(line("Dotted path of the device's own time.", 128)),
  confirmTopic: Type.Optional(topic("Topic on which the device confirms an output.")),
  confirmWithinMs: Type.Optional(ms("An output must be confirmed within.", 10, 60_000)),
});

const mqtt = closed({
  id: id(),
  kind: Type.Literal("mqtt"),
  broker: Type.Optional(
    closed(
      {
        host,
        port,
        connectionsMax: whole("Connections at the same time.", 1, 10_000),
        packetBytesMax: whole("Size of the largest packet in bytes.", 128, 1_048_576),
        tls: Type.Optional(
          closed(
            {
              clients: Type.Enum(["certificate", "password"], { description: "How a device proves who it is." }),
              hosts: Type.Optional(Type.Array(host, { maxItems: 16, description: "Further names of the box." })),
            },
            "Without it passwords go in clear, on loopback only.",
          ),
        ),
      },
      "The broker in the box.",
    ),
  ),
  url: Type.Optional(
    Type.String({ pattern: "^mqtts?://[^\\s/@]+$", maxLength: 256, description: "An existing broker instead." }),
  ),
  login: Type.Optional(
    closed({
      user: line("User name at `url`; its password is PORTCULLIS_MQTT_PASSWORD_ID or DIR/secrets/mqtt-ID.", 64),
    }),
  ),
  tls: Type.Optional(
    closed(
      {
        ca: Type.Optional(line("Authorities of the broker, a PEM file.")),
        certificate: Type.Optional(line("Certificate of this box there, a PEM file.")),
        key: Type.Optional(line("Its key, a PEM file with mode 0600.")),
      },
      "Files for mqtts:, relative to the data folder.",
    ),
  ),
  devices: list(
    closed({
      id: id("Login of the device."),
      aliveTopic: topic("Heartbeat of the device."),
      silentAfterMs: ms("Without a heartbeat for this long the device counts as lost.", 100),
      willTopic: Type.Optional(topic("Where its last will comes, if not on aliveTopic.")),
      willPayload: Type.Optional(line("What its last will says, if not offline.", 64)),
    }),
  ),
  points: list(mqttPoint, 0, 1024),
});

const firmata = closed({
  id: id(),
  kind: Type.Literal("firmata"),
  transport: choice(
    closed({ kind: Type.Literal("tcp"), host, port }),
    closed({
      kind: Type.Literal("serial"),
      path: line("Serial device, for example /dev/ttyACM0."),
      baud: whole("Baud rate.", 1200, 4_000_000),
    }),
  ),
  samplingMs: ms("Sampling interval of the board.", 10, 1000),
  points: list(
    closed({
      ...base,
      pin: whole("Analog channel or digital pin.", 0, 127),
      signal: Type.Enum(["analog", "digital", "relay"], { description: "relay is an output, the others are inputs." }),
      pullUp: Type.Optional(flag("Switches the board's pull-up on.")),
      activeLow: Type.Optional(flag("Low means true; a relay energises on low.")),
      replay: Type.Optional(flag("Relay: write the last wanted value again after the board reconnects.")),
    }),
    0,
    128,
  ),
});

const node = (description: string) => Type.String({ pattern: "^(ns=\\d+;)?[isgb]=.+$", maxLength: 256, description });
const order = (description: string) =>
  Type.Union([Type.Boolean(), Type.Number(), line("A word.", 64)], { description });

const call = {
  object: node("Object whose method is called."),
  method: node("The method."),
  args: Type.Optional(list(order("An argument; $order stands for the order."), 0, 16)),
  confirm: Type.Optional(order("What the point's node shows when it is carried out; the order unless given.")),
};

const opcua = closed({
  id: id(),
  kind: Type.Literal("opcua"),
  endpoint: Type.String({
    pattern: "^opc\\.tcp://[^\\s/@]+(/\\S*)?$",
    maxLength: 256,
    description: "opc.tcp://host:4841",
  }),
  security: closed({
    mode: Type.Enum(["none", "sign-and-encrypt"]),
    policy: Type.Optional(
      Type.Enum(["Basic256Sha256", "Aes128_Sha256_RsaOaep", "Aes256_Sha256_RsaPss"], {
        description: "Basic256Sha256 unless given.",
      }),
    ),
    user: Type.Optional(line("User name; the password comes from DIR/opcua/ID/password or the environment.", 64)),
    userCertificate: Type.Optional(flag("Log in by the certificate in DIR/opcua/ID/user, made at first need.")),
  }),
  samplingMs: ms("Sampling interval asked of the server.", 10, 60_000),
  publishingMs: ms("Publishing interval asked of the server.", 10, 60_000),
  heartbeat: node("A node that the server changes by itself; i=2258, its clock, where there is no other."),
  watchdogMs: ms("Without a change of the heartbeat for this long the server counts as dead.", 100),
  points: list(
    closed({
      ...base,
      node: node("For example ns=1;s=B1.Closed."),
      type: Type.Enum(["boolean", "int32", "double", "string"]),
      method: Type.Optional(closed(call, "Called for every order that `methods` does not name.")),
      methods: Type.Optional(list(closed({ ...call, order: order("The order that this method carries out.") }), 0, 16)),
      confirmWithinMs: Type.Optional(ms("An output must be confirmed within.", 10, 60_000)),
    }),
    0,
    1024,
  ),
});

const gpio = closed({
  id: id(),
  kind: Type.Literal("gpio"),
  chip: line("Label of the chip, for example pinctrl-rp1.", 64),
  points: list(
    closed({
      ...base,
      line: Type.Union([whole("Offset on the chip.", 0, 1023), line("Name of the line, for example GPIO17.", 32)]),
      activeLow: Type.Optional(flag("Low means true.")),
      bias: Type.Optional(Type.Enum(["pull-up", "pull-down", "disabled"])),
      debounceUs: Type.Optional(whole("Debounce in the kernel, microseconds.", 0, 1_000_000)),
    }),
    0,
    128,
  ),
});

export const driver = choice(mqtt, firmata, opcua, gpio);
export type DriverMatches = Assert<Same<Static<typeof driver>, DriverConfig>>;
