// A siege of a running MQTT broker by one of its own clients: hundreds of byte sequences that no honest client sends, then many
// packets that never end. Somebody else is served all the while, by the same process, which does not grow.
import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { expect } from "vitest";
import type { Said } from "./mqtt-bytes.js";
import { packet } from "./mqtt-bytes.js";
import { residentBytes } from "./processes.js";
import { until } from "./until.js";

export interface Besieged {
  /** A new connection whose handshake is done. */
  dial(): Promise<Socket>;
  /** A CONNECT that is accepted on it. */
  readonly connect: Buffer;
  readonly packetBytesMax: number;
  /** The processes that must live through it. */
  pids(): Promise<readonly number[]>;
  /** Has somebody else served; rejects when he is not. */
  serve(): Promise<unknown>;
}

/** What a sequence gets to be answered in, if its connection does not end before. */
const lookMs = 10;
const serveEach = 25;
/** What a broker's process may keep of a siege. */
const growthBytesMax = 160 * 1_048_576;

/** Fails with the sequence after which somebody else was not served. */
export async function besiege(target: Besieged, corpus: readonly Said[]): Promise<void> {
  const [pids, before] = [await target.pids(), await memory(target)];
  expect(pids.length).toBeGreaterThan(0);
  for (const [index, said] of corpus.entries()) {
    await say(target, said);
    if (index % serveEach === 0) await until(`somebody is served after ${said.what}`, target.serve);
  }
  await until("somebody is served afterwards", target.serve);
  expect(await target.pids()).toEqual(pids);
  expect((await memory(target)) - before).toBeLessThan(growthBytesMax);
}

async function say({ dial, connect }: Besieged, { bytes, loggedIn }: Said): Promise<void> {
  const socket = await dial();
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  if (loggedIn) {
    const answered = new Promise<void>((resolve) => socket.once("data", () => resolve()));
    socket.write(connect);
    await Promise.race([answered, closed]);
  }
  socket.on("data", () => undefined);
  if (!socket.destroyed) socket.write(bytes);
  await Promise.race([closed, pause(lookMs)]);
  socket.destroy();
}

/** Packets of nearly the largest size, of which a byte comes now and then: each connection ends, and others are served meanwhile. */
export async function besiegeSlowly(target: Besieged, connections: number): Promise<void> {
  const [pids, before] = [await target.pids(), await memory(target)];
  expect(pids.length).toBeGreaterThan(0);
  const endless = packet(0x30, Buffer.alloc(target.packetBytesMax - 64, 0x41));
  const ended = Array.from({ length: connections }, async () => {
    const socket = await target.dial();
    socket.on("data", () => undefined);
    socket.write(endless.subarray(0, endless.length - 10_000));
    for (let at = 1; !socket.destroyed; at += 1) {
      await pause(200);
      if (!socket.destroyed) socket.write(endless.subarray(at, at + 1));
    }
  });
  let isOver = false;
  const all = Promise.all(ended).then(() => {
    isOver = true;
  });
  let most = 0;
  while (!isOver) {
    await until("somebody is served meanwhile", target.serve);
    most = Math.max(most, (await memory(target)) - before);
    await Promise.race([all, pause(500)]);
  }
  expect(most).toBeLessThan(growthBytesMax);
  expect(await target.pids()).toEqual(pids);
}

/** What the processes hold, in bytes. */
async function memory({ pids }: Besieged): Promise<number> {
  return (await pids()).map(residentBytes).reduce((sum, each) => sum + each, 0);
}
