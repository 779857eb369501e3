// Field devices on a bus in virtual time: what is alive, what is stale, and which word confirms an order.
import { describe, expect, it } from "vitest";
import type { Bus, BusEvents } from "../../../edge/field/mqtt/bus.js";
import { createMqttSession } from "../../../edge/field/mqtt/session.js";
import type { WriteResult } from "../../../edge/model/point.js";
import type { MqttDriverConfig } from "../../../edge/model/wiring.js";

const config: MqttDriverConfig = {
  id: "field",
  kind: "mqtt",
  url: "mqtt://broker",
  devices: [
    { id: "plain", aliveTopic: "plain/alive", silentAfterMs: 1_000 },
    { id: "lwt", aliveTopic: "lwt/beat", silentAfterMs: 1_000, willTopic: "lwt/LWT", willPayload: "Gone" },
  ],
  points: [
    { id: "door", direction: "in", device: "plain", topic: "plain/door", payload: "plain" },
    { id: "cover", direction: "in", device: "lwt", topic: "lwt/cover", payload: "plain", latencyMs: 200 },
    {
      id: "lamp",
      direction: "out",
      device: "plain",
      topic: "plain/lamp",
      payload: "plain",
      confirmTopic: "plain/lamp-is",
      confirmWithinMs: 300,
    },
  ],
};

/** The driver on a bus that the test plays; time moves when it says so. */
function onBus() {
  let now = 10_000;
  const timers = new Set<{ at: number; run: () => void }>();
  const machine = {
    clock: { mono: () => now, now: () => ({ boot: "b", mono: now, wall: 0, clock: "holdover" as const }) },
    timer: {
      at(at: number, run: () => void) {
        const timer = { at, run };
        timers.add(timer);
        return () => void timers.delete(timer);
      },
    },
  };
  const orders: string[] = [];
  const told: string[] = [];
  const results: WriteResult[] = [];
  let bus: BusEvents | null = null;
  const carrier: Bus = {
    async open(events) {
      bus = events;
    },
    async publish(topic, payload) {
      orders.push(`${topic} ${payload}`);
    },
    close: () => Promise.resolve(),
  };
  const driver = createMqttSession(config, carrier, machine);
  void driver.open({
    sample: ({ point, value, quality, occurredAt }) => told.push(`${point} ${value} ${quality} ${occurredAt - now}`),
    result: (result) => results.push(result),
    link: () => undefined,
    trouble: () => undefined,
  });
  return {
    driver,
    orders,
    results,
    up: () => bus?.up(),
    say: (topic: string, payload: string, retained = false) =>
      bus?.message({ topic, payload: Buffer.from(payload), retained, receivedAt: now }),
    /** What was told since the last look. */
    told: () => told.splice(0),
    pass(ms: number) {
      const until = now + ms;
      for (;;) {
        const next = [...timers].sort((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > until) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.run();
      }
      now = until;
    },
  };
}

function connected() {
  const made = onBus();
  made.up();
  return made;
}

describe("a device on the field bus", () => {
  it("is lost when it says nothing for its time, once, and back with its next value", () => {
    const { say, pass, told } = connected();
    say("plain/door", "on");
    pass(900);
    say("plain/alive", "x");
    pass(900);
    expect(told()).toEqual(["door true good 0", "cover null lost 0"]);
    pass(5_000);
    expect(told()).toEqual(["door true lost 0"]);
    say("plain/door", "off");
    expect(told()).toEqual(["door false good 0"]);
  });

  it("is lost at once by its will, on its topic of life or on one of its own", () => {
    const { say, told } = connected();
    say("plain/door", "on");
    say("lwt/cover", "off");
    told();
    say("plain/alive", "offline");
    say("lwt/LWT", "Online");
    expect(told()).toEqual(["door true lost 0"]);
    say("lwt/LWT", "Gone");
    expect(told()).toEqual(["cover false lost 0"]);
  });

  it("does not take another's or another topic's word for its will", () => {
    const { say, told } = connected();
    say("plain/alive", "Gone");
    say("lwt/beat", "Gone");
    say("lwt/LWT", "offline");
    expect(told()).toEqual([]);
  });

  it("is not kept alive by what the broker has kept, and is lost by a will that it has kept", () => {
    const { say, pass, told } = connected();
    say("plain/door", "on", true);
    say("plain/alive", "online", true);
    pass(1_000);
    expect(told()).toEqual(["door true stale 0", "door true lost 0", "cover null lost 0"]);
    say("lwt/LWT", "Gone", true);
    expect(told()).toEqual([]);
  });

  it("never seems to have spoken before it was lost, whatever its latency", () => {
    const { say, pass, told } = connected();
    pass(1_000);
    told();
    say("lwt/cover", "on");
    expect(told()).toEqual(["cover true good 0"]);
    pass(500);
    say("lwt/cover", "off");
    expect(told()).toEqual(["cover false good -200"]);
  });
});

describe("an order on the field bus", () => {
  it("is confirmed by the same value alone, said now", async () => {
    const { driver, say, orders, results } = connected();
    driver.write({ id: "w", point: "lamp", value: true });
    expect(orders).toEqual(["plain/lamp true"]);
    say("plain/lamp-is", "true", true);
    say("plain/lamp-is", "false");
    say("plain/lamp-is", "rubbish");
    say("plain/lamp", "true");
    expect(results).toEqual([]);
    say("plain/lamp-is", "true");
    say("plain/lamp-is", "true");
    expect(results).toMatchObject([{ id: "w", ok: true }]);
  });

  it("has failed when its time is over, and a late confirmation changes nothing", () => {
    const { driver, say, pass, results } = connected();
    driver.write({ id: "w", point: "lamp", value: true });
    pass(299);
    expect(results).toEqual([]);
    pass(1);
    say("plain/lamp-is", "true");
    expect(results).toMatchObject([{ id: "w", ok: false, reason: "field.write-unconfirmed" }]);
  });

  it("is not sent to a device that is lost, nor with a value that the point cannot carry", () => {
    const { driver, say, orders, results } = connected();
    driver.write({ id: "text", point: "lamp", value: "on" });
    say("plain/alive", "offline");
    driver.write({ id: "lost", point: "lamp", value: true });
    expect(orders).toEqual([]);
    expect(results.map((result) => [result.id, result.ok || result.reason])).toEqual([
      ["text", "field.write-refused"],
      ["lost", "field.unreachable"],
    ]);
  });
});
