// One-key alarms, fire and drills on the example school, from the button to the gate, the announcement and the hub's list.
import { describe, expect, it } from "vitest";
import type { HandFed } from "../../support/hand-fed.js";
import { alarmList, boxOf, hour, hubHasIt, hubOf, loop, minute, outcomes, second, settle, siteOf } from "./examples.js";

const press = (box: HandFed, point: string) => {
  box.set(point, true);
  box.pass(second);
  box.set(point, false);
  box.pass(second);
};

describe.each([
  { zone: "one-key-alarm", point: "gate-post-button", title: "One-key alarm at the gate post: Panic button pressed" },
  {
    zone: "control-room-alarm",
    point: "control-room-button",
    title: "Panic device in the control room: Panic button pressed",
  },
])("of the school: $zone", ({ zone, point, title }) => {
  it("A-18: sounds, closes the gate and is told, although every area is disarmed", async () => {
    const box = boxOf("school");
    for (const { id } of box.config.areas) box.order({ kind: "disarm", area: id });
    press(box, point);
    expect(box.outputs["siren"]).toBe(true);
    box.pass(30 * second);
    expect(box.durable.barriers).toEqual({ "boom-gate": "closed", bollard: "closed" });
    expect(await alarmList(box)).toContainEqual(title);
  });

  it("A-18: is latched until somebody resets it by hand", async () => {
    const box = boxOf("school");
    press(box, point);
    box.pass(hour);
    expect(box.durable.zones[zone]?.state).toBe("breached");
    const [incident = ""] = Object.keys(box.durable.incidents);
    const group = { group: "south-lane", barriers: ["boom-gate", "bollard"] };
    expect(box.order({ kind: "reset", incident }).code).toBe("command.not-possible");
    box.order({ kind: "stand-down", ...group }, { issuers: ["li", "wang"] });
    box.pass(minute);
    expect(settle(box)).toBe(true);
    expect(box.durable.zones[zone]?.state).toBe("normal");
    expect(await alarmList(box)).not.toContainEqual(title);
  });

  it.each(["normal", "level-1"] as const)(
    "A-18: is bypassed by nobody in posture %s, and alarms after every attempt",
    (level) => {
      const box = boxOf("school");
      if (level !== "normal") box.order({ kind: "set-posture", level, issuer: "city", reference: "1", leader: "chen" });
      expect(box.order({ kind: "isolate", zone, forMs: hour }).code).toBe("command.not-allowed");
      expect(box.order({ kind: "inhibit", zone }).code).toBe("command.not-allowed");
      press(box, point);
      expect(box.of("zone.breached")).toMatchObject([{ zone, cause: "panic-pressed", alarm: { priority: 1 } }]);
    },
  );
});

describe("fire", () => {
  it("A-32: frees the gate that a lock-down holds, speaks the evacuation, and keeps the siren quiet meanwhile", async () => {
    const box = boxOf("school");
    press(box, "gate-post-button");
    box.pass(30 * second);
    expect(box.durable.barriers).toEqual({ "boom-gate": "closed", bollard: "closed" });
    expect(box.outputs["siren"]).toBe(true);
    box.set("fire", true);
    box.pass(second);
    expect(box.outputs).toMatchObject({ broadcast: true, siren: false });
    box.pass(25 * second);
    expect(box.durable.barriers).toEqual({ "boom-gate": "open", bollard: "open" });
    expect(outcomes(box, "fire-release")).toEqual({
      "speak/evacuation": "met",
      "release/boom-gate": "met",
      "release/bollard": "met",
    });
    expect(await alarmList(box)).toContainEqual("Fire panel: Fire signalled");
  });

  it("A-82: is a class of its own at the hub", async () => {
    const box = boxOf("school");
    box.set("fire", true);
    box.pass(second);
    expect((await hubOf(box)).projections.incidents()).toMatchObject([{ kind: "fire" }]);
  });
});

describe("an archive with gas", () => {
  it("A-83: is refused when an output would let the gas out, and says what to do instead", () => {
    const gas = () =>
      siteOf(
        "warehouse",
        ["id: reserve-pump, direction", "id: archive-gas, direction"],
        ["kind: switch, point: reserve-pump", "kind: switch, point: archive-gas"],
      );
    expect(gas).toThrow(/gas kills whoever is in the room.*Alarm and lock the passage instead/s);
  });

  it("A-83: answers an intrusion by siren and calls, and switches nothing else", () => {
    const box = boxOf("warehouse");
    box.set("archive-door-loop", loop.open);
    box.pass(5 * second);
    hubHasIt(box);
    expect(box.of("step.decided").map(({ step }) => [step.response, step.action.kind])).toEqual([
      ["intrusion", "announce"],
      ["intrusion", "notify"],
      ["intrusion", "notify"],
    ]);
    expect(new Set(Object.values(outcomes(box, "intrusion")))).toEqual(new Set(["met"]));
  });
});

describe("a drill", () => {
  const start = { kind: "start-drill", drill: "autumn", zones: ["one-key-alarm"], forMs: 2 * hour } as const;

  it("A-14: runs for real, is marked as exercise everywhere, and leaves a sheet of how long each step took", async () => {
    const box = boxOf("school");
    expect(box.order(start).ok).toBe(true);
    press(box, "gate-post-button");
    box.pass(10 * second);
    hubHasIt(box);
    expect(box.durable.barriers).toEqual({ "boom-gate": "closed", bollard: "closed" });
    const { alarms, projections } = await hubOf(box);
    expect(alarms.list().map(({ exercise }) => exercise)).toEqual([true]);
    expect(projections.incidents()).toMatchObject([{ kind: "panic", exercise: true }]);
    box.order({ kind: "end-drill" });
    const sheet = box.of("drill.ended")[0]?.sheet ?? [];
    const took = Object.fromEntries(
      sheet.map(({ step, target, tookMs, withinMs }) => [`${step}/${target}`, [tookMs, withinMs]]),
    );
    expect(took["lock-down/siren/siren-strobe"]).toEqual([expect.any(Number), 5000]);
    expect(took["lock-down/close/bollard"]).toEqual([expect.any(Number), 30_000]);
    expect(took["lock-down/muster-1/person"]).toEqual([null, 60_000]);
  });

  it("A-54: is suspended by a real intruder, whose alarm is no exercise", async () => {
    const box = boxOf("school");
    box.order(start);
    box.set("west-blocked", true);
    box.pass(second);
    const { alarms, projections } = await hubOf(box);
    expect(alarms.list()).toMatchObject([{ zone: "fence-west", exercise: false }]);
    expect(projections.edges()[0]?.drill).toMatchObject({ id: "autumn", suspendedBy: "fence-west" });
  });
});
