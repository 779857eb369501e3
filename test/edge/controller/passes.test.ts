// One lane is opened for an emergency vehicle in the middle of a lock-down, and closes again behind it.
import { describe, expect, it } from "vitest";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

const lockDown = { kind: "lock-down", group: "all-lanes" } as const;
const pass = { kind: "let-pass", barrier: "bollard-2", forMs: 30_000 } as const;
const standDown = { kind: "stand-down", group: "all-lanes", barriers: ["bollard-2"] } as const;

function lockedDown(how: "lock-down" | "vehicle-rush" = "lock-down"): VirtualSite {
  const site = new VirtualSite(exampleSite("office")).run(10_000);
  if (how === "lock-down") site.command(lockDown);
  else site.trigger("vehicle-rush");
  return site.run(25_000);
}

const second = (site: VirtualSite) => site.plant.bollards["B2"];
const positions = (site: VirtualSite) => Object.values(site.plant.bollards).map(({ position }) => position);

describe("a vehicle that is let pass", () => {
  it("A-33: has its one lane opened with warning, and closed again because the lock-down stands", () => {
    const site = lockedDown();
    expect(site.command(pass).ok).toBe(true);
    site.run(15_000);
    expect(positions(site)).toEqual([1, 0, 1]);
    expect(site.relay("main-out-green")).toBe(true);
    expect(site.of("barrier.moved-uncommanded")).toEqual([]);
    site.runUntil("pass over", () => site.of("lane.closed").length === 1, 30_000);
    const overAt = site.mono;
    site.runUntil("motion", () => second(site)?.motion === "raising", 10_000);
    expect(site.mono - overAt).toBeGreaterThanOrEqual(2_900);
    site.run(10_000);
    expect(positions(site)).toEqual([1, 1, 1]);
    expect(site.durable().lockDowns["all-lanes"]?.barriers).toContain("bollard-2");
    expect(site.of("barrier.moved-uncommanded")).toEqual([]);
  });

  it("is not run into: the lane closes when the loop has been free for clearMs", () => {
    const site = lockedDown();
    site.command(pass);
    site.run(20_000);
    site.trigger("vehicle-on-loop", "B2");
    site.run(30_000);
    expect(positions(site)).toEqual([1, 0, 1]);
    site.trigger("vehicle-leaves", "B2");
    const leftAt = site.mono;
    site.runUntil("motion", () => second(site)?.motion === "raising", 20_000);
    expect(site.mono - leftAt).toBeGreaterThanOrEqual(2_000);
    site.run(10_000);
    expect(positions(site)).toEqual([1, 1, 1]);
  });

  it("A-81: after a rush has the lane behind it closed in normal mode", () => {
    const site = lockedDown("vehicle-rush");
    site.command(pass);
    site.runUntil("pass over", () => site.of("lane.closed").length === 1, 40_000);
    site.runUntil("motion", () => second(site)?.motion !== "still", 10_000);
    expect(second(site)?.motion).toBe("raising");
  });

  it("A-81: that was let pass while its emergency close still waited is not hurried after either", () => {
    const site = new VirtualSite(exampleSite("office")).run(10_000);
    site.trigger("vehicle-on-loop", "B2");
    site.run(500);
    site.trigger("vehicle-rush");
    site.run(10_000);
    site.command(pass);
    site.run(2_000);
    site.trigger("vehicle-leaves", "B2");
    site.runUntil("pass over", () => site.of("lane.closed").length === 1, 40_000);
    site.runUntil("motion", () => second(site)?.motion !== "still", 10_000);
    expect(second(site)?.motion).toBe("raising");
    site.run(10_000);
    site.trigger("vehicle-rush");
    site.run(10_000);
    expect(positions(site)).toEqual([1, 1, 1]);
  });

  it("finds its lane held while somebody works on the drive", () => {
    const site = lockedDown();
    site.trigger("lock-out");
    site.run(500);
    site.command(pass);
    site.run(20_000);
    expect(positions(site)).toEqual([1, 1, 1]);
  });

  it("A-49: leaves the lane to those who stand the lock-down down", () => {
    const site = lockedDown();
    site.command(pass);
    site.run(15_000);
    expect(site.command(standDown, ["wang", "li"]).ok).toBe(true);
    site.run(40_000);
    expect(site.durable().passes).toEqual({});
    expect(positions(site)).toEqual([1, 0, 1]);
  });

  it("is gone with its time also when the box was off meanwhile: the lane closes after fresh inputs", () => {
    const site = lockedDown();
    site.command(pass);
    site.run(15_000).kill();
    site.run(60_000);
    site.start();
    site.run(20_000);
    expect(site.of("lane.closed")).toHaveLength(1);
    expect(positions(site)).toEqual([1, 1, 1]);
    expect(site.of("barrier.moved-uncommanded")).toEqual([]);
  });
});
