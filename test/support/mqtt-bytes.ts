// Bytes that no honest MQTT client sends, drawn from a seed so that a failure can be played again: rubbish, packets of every type
// with rubbish inside, good packets with bytes flipped, lengthened, cut or said twice.
import { randomStream } from "../../simulators/plant/random.js";

/** A sequence and whether it is said after a good CONNECT. */
export interface Said {
  readonly what: string;
  readonly bytes: Buffer;
  readonly loggedIn: boolean;
}

const field = (value: string | Buffer) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
};

/** MQTT 3.1.1 section 2.2.3. */
export function packet(header: number, body: Buffer): Buffer {
  const length: number[] = [];
  let left = body.length;
  do {
    length.push((left % 128) | (left >= 128 ? 0x80 : 0));
    left = Math.floor(left / 128);
  } while (left > 0);
  return Buffer.concat([Buffer.from([header, ...length]), body]);
}

export function connectPacket(id: string, password?: string): Buffer {
  const flags = 2 | (password === undefined ? 0 : 0xc0);
  const login = password === undefined ? [] : [field(id), field(password)];
  return packet(0x10, Buffer.concat([field("MQTT"), Buffer.from([4, flags, 0, 60]), field(id), ...login]));
}

export function publishPacket(topic: string, payload: string): Buffer {
  return packet(0x30, Buffer.concat([field(topic), Buffer.from(payload)]));
}

export function subscribePacket(topic: string, qos: 0 | 1): Buffer {
  return packet(0x82, Buffer.concat([Buffer.from([0, 1]), field(topic), Buffer.from([qos])]));
}

/** Topics under which a good packet of this client stands. */
export interface Topics {
  readonly publish: string;
  readonly subscribe: string;
}

/** `count` sequences of a client with this id. */
export function mqttBytes(seed: number, count: number, id: string, topics: Topics): readonly Said[] {
  const draw = randomStream(seed);
  const whole = (below: number) => Math.floor(draw.next() * below);
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => whole(256)));
  const good: readonly Buffer[] = [
    connectPacket(id, "guess"),
    publishPacket(topics.publish, "{}"),
    packet(0x32, Buffer.concat([field(topics.publish), Buffer.from([0, 7]), Buffer.from("{}")])),
    packet(0x34, Buffer.concat([field(topics.publish), Buffer.from([0, 8]), Buffer.from("{}")])),
    subscribePacket(topics.subscribe, 1),
    packet(0xa2, Buffer.concat([Buffer.from([0, 2]), field(topics.subscribe)])),
    ...[0x40, 0x50, 0x62, 0x70].map((header) => packet(header, Buffer.from([0, whole(9)]))),
    packet(0xc0, Buffer.alloc(0)),
    packet(0xe0, Buffer.alloc(0)),
  ];
  const pick = () => Buffer.from(good[whole(good.length)] ?? noise(1));
  const flipped = () => {
    const bytes = pick();
    for (let flips = 1 + whole(4); flips > 0; flips -= 1) bytes[whole(bytes.length)] = whole(256);
    return bytes;
  };
  const manners: Readonly<Record<string, () => Buffer>> = {
    noise: () => noise(1 + whole(200)),
    "a type with noise inside": () => packet(whole(256), noise(whole(80))),
    "flipped bytes": flipped,
    "several with one flipped": () => Buffer.concat([pick(), flipped(), pick()]),
    "cut off": () => pick().subarray(0, 1 + whole(6)),
    "a wrong length": () => {
      const bytes = pick();
      bytes[1] = whole(256);
      return Buffer.concat([bytes, noise(whole(20))]);
    },
    "an endless length": () => Buffer.concat([Buffer.from([whole(256), 0xff, 0xff, 0xff, whole(256)]), noise(20)]),
    "more than the limit": () => packet(0x30, Buffer.concat([field(topics.publish), Buffer.alloc(1_100_000, 0x41)])),
    "many topics": () => packet(0x82, Buffer.concat([Buffer.from([0, 3]), ...Array(200).fill(topicOf("a/#"))])),
    "a topic with NUL and wildcards": () => packet(0x30, Buffer.concat([field(`${topics.publish}\0#+`), noise(4)])),
    "a topic that is no text": () => packet(0x82, Buffer.concat([Buffer.from([0, 4]), field(noise(9)), noise(1)])),
    "said again and again": () => Buffer.concat(Array(300).fill(pick())),
    "a second CONNECT": () => Buffer.concat([connectPacket(id), connectPacket("somebody-else", "guess")]),
    "topics nested deep": () => packet(0x82, Buffer.concat([Buffer.from([0, 5]), topicOf("a/".repeat(20_000))])),
  };
  const names = Object.keys(manners);
  return Array.from({ length: count }, (_, index) => {
    const what = names[index % names.length] ?? "noise";
    return { what: `${what} (${index})`, bytes: manners[what]?.() ?? noise(1), loggedIn: index % 3 !== 0 };
  });
}

const topicOf = (topic: string) => Buffer.concat([field(topic), Buffer.from([0])]);
