import { describe, expect, it } from "vitest";
import { isWatched } from "../../../edge/incident/watch.js";
import { reinstateForLevel1 } from "../../../edge/incident/zones-out.js";
import { type ZoneKind, zoneTraits } from "../../../edge/model/zone.js";
import { area, Stage, zone } from "../incident/stage.js";
import { setPosture } from "./posture.js";

const hourMs = 3_600_000;
const zones = [zone("beam"), zone("other"), zone("panic", { kind: "panic-button", audible: true })];
const site = () => new Stage({ zones });
const watched = (stage: Stage, id: string) => isWatched(stage.zone(id), stage.scene(id));
const repair = { kind: "take-out-for-repair", zone: "panic", guard: "Zhao", forMs: hourMs } as const;
const two = { issuers: ["wang", "li"] };

describe("zones out", () => {
  it.each([
    [{ kind: "isolate", zone: "beam", forMs: null }, "isolated", "isolated"],
    [{ kind: "inhibit", zone: "beam" }, "inhibited", "alarm"],
    [{ kind: "take-out-for-repair", zone: "beam", guard: "Zhao", forMs: hourMs }, "out-for-repair", "out-for-repair"],
  ] as const)("%j: a breach is %s, a tamper is %s, and both are shown", (act, breach, tamper) => {
    const stage = site();
    expect(stage.order(act, { ...two, reason: "wasps" }).ok).toBe(true);
    expect(stage.of("zone.taken-out")).toMatchObject([{ zone: "beam", out: { by: ["wang", "li"], reason: "wasps" } }]);
    expect(stage.breach("beam")).toMatchObject({ verdict: breach, responding: null });
    expect(stage.durable.zones["beam"]).toMatchObject({ state: "active", cause: "beam-blocked", incident: null });
    expect(stage.tamper("beam").verdict).toBe(tamper);
    expect(stage.breach("other").verdict).toBe("alarm");
    expect(stage.of("zone.breached")).toHaveLength(1);
  });

  it("comes back by order, and counts again", () => {
    const stage = site();
    stage.order({ kind: "isolate", zone: "beam", forMs: null });
    expect(stage.order({ kind: "reinstate", zone: "beam" }).ok).toBe(true);
    expect(stage.breach("beam").verdict).toBe("alarm");
    expect(stage.order({ kind: "reinstate", zone: "beam" })).toMatchObject({ code: "command.not-possible" });
  });

  it("comes back when its time is over; without a time it stays out", () => {
    const stage = site();
    stage.order({ kind: "isolate", zone: "beam", forMs: hourMs });
    stage.order({ kind: "isolate", zone: "other", forMs: null });
    stage.pass(hourMs - 1);
    expect(watched(stage, "beam")).toBe(false);
    stage.pass(1);
    expect(stage.of("zone.reinstated")).toEqual([{ zone: "beam", by: "time" }]);
    expect([watched(stage, "beam"), watched(stage, "other")]).toEqual([true, false]);
  });

  it("comes back after a restart with the time that is left, and at once where the clock cannot tell", () => {
    const stage = site();
    stage.order({ kind: "isolate", zone: "beam", forMs: hourMs });
    stage.reboot(hourMs / 2);
    stage.pass(hourMs / 2 - 1);
    expect(watched(stage, "beam")).toBe(false);
    stage.pass(1);
    expect(watched(stage, "beam")).toBe(true);
    const other = site();
    other.order({ kind: "isolate", zone: "beam", forMs: hourMs });
    other.reboot(1000, "never-set");
    other.pass(0);
    expect(watched(other, "beam")).toBe(true);
  });

  it("what is out for this armed period comes back with disarming, what is isolated does not", () => {
    const stage = site();
    stage.order({ kind: "inhibit", zone: "beam" });
    stage.order({ kind: "isolate", zone: "other", forMs: null });
    stage.order({ kind: "disarm", area: "fence" });
    expect(stage.of("zone.reinstated")).toEqual([{ zone: "beam", by: "disarm" }]);
    expect(Object.keys(stage.durable.out)).toEqual(["other"]);
  });

  it("a broken detector that is out does not keep its incident open", () => {
    const stage = site();
    stage.breach("beam");
    const [incident = ""] = Object.keys(stage.durable.incidents);
    expect(stage.order({ kind: "reset", incident })).toMatchObject({
      code: "command.not-possible",
      obstacles: [{ subject: "beam", why: "not-normal" }],
    });
    stage.order({ kind: "isolate", zone: "beam", forMs: null });
    expect(stage.order({ kind: "reset", incident }).ok).toBe(true);
  });

  it.each((Object.keys(zoneTraits) as ZoneKind[]).filter((kind) => zoneTraits[kind].isProtected))(
    "A-18: a %s can be taken out for repair only",
    (kind) => {
      const stage = new Stage({ zones: [zone("z", { kind, audible: true })] });
      for (const act of ["isolate", "inhibit"] as const)
        expect(stage.order({ kind: act, zone: "z", forMs: null })).toMatchObject({ code: "command.not-allowed" });
      expect(stage.breach("z").verdict).toBe("alarm");
      expect(stage.order({ ...repair, zone: "z" }, two).ok).toBe(true);
      expect(stage.breach("z").verdict).toBe("out-for-repair");
    },
  );

  it("A-18: a panic button goes to repair by two different persons, with a guard by name and an end", () => {
    const stage = site();
    expect(stage.order(repair)).toMatchObject({ code: "command.needs-two-persons" });
    expect(stage.order(repair, { issuers: ["wang", "wang "] })).toMatchObject({ code: "command.needs-two-persons" });
    expect(stage.order({ ...repair, guard: " " }, two)).toMatchObject({ code: "command.not-possible" });
    expect(stage.order({ ...repair, forMs: 0 }, two)).toMatchObject({ code: "command.not-possible" });
    expect(stage.order({ ...repair, forMs: 100 * hourMs }, two)).toMatchObject({ code: "command.not-possible" });
    expect(stage.order(repair, two).ok).toBe(true);
    expect(stage.durable.out["panic"]).toMatchObject({ how: "repair", guard: "Zhao", by: ["wang", "li"] });
    stage.order({ ...repair, zone: "beam" }, two);
    expect(stage.order({ kind: "inhibit", zone: "beam" })).toMatchObject({ code: "command.not-possible" });
    expect(stage.durable.out["beam"]?.how).toBe("repair");
    expect(stage.order({ kind: "reinstate", zone: "panic" }).ok).toBe(true);
    stage.order(repair, two);
    stage.pass(hourMs);
    expect(stage.breach("panic", "panic-pressed").verdict).toBe("alarm");
  });

  it("A-25: in posture level 1 nothing is isolated or inhibited, and what was comes back; a repair goes on", () => {
    const stage = site();
    stage.order({ kind: "isolate", zone: "beam", forMs: null });
    stage.order({ kind: "inhibit", zone: "other" });
    stage.order(repair, two);
    setPosture(stage, "level-1");
    stage.emit(reinstateForLevel1(stage.ward()));
    expect(stage.of("zone.reinstated")).toEqual([
      { zone: "beam", by: "level-1" },
      { zone: "other", by: "level-1" },
    ]);
    expect(Object.keys(stage.durable.out)).toEqual(["panic"]);
    for (const act of [
      { kind: "isolate", zone: "beam", forMs: hourMs },
      { kind: "inhibit", zone: "beam" },
    ] as const)
      expect(stage.order(act)).toMatchObject({ ok: false, code: "command.not-allowed" });
  });

  it.each([
    [{ kind: "isolate", zone: "moon", forMs: null }, "command.unknown-target"],
    [{ kind: "inhibit", zone: "moon" }, "command.unknown-target"],
    [{ kind: "reinstate", zone: "moon" }, "command.unknown-target"],
    [{ ...repair, zone: "moon" }, "command.unknown-target"],
    [{ kind: "isolate", zone: "beam", forMs: 0 }, "command.not-possible"],
  ] as const)("%j is refused with %s", (act, code) => {
    expect(site().order(act, two)).toMatchObject({ ok: false, code });
  });

  it("no command is carried out for nobody", () => {
    const stage = new Stage({ areas: [area("fence", { armedAtStart: false })], zones });
    expect(stage.order({ kind: "arm", area: "fence" }, { issuers: [" "] })).toMatchObject({
      code: "command.not-allowed",
    });
  });
});
