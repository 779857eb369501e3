// The example port played in virtual time with the plant behind it: what its comments promise happens.
import { describe, expect, it } from "vitest";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

const port = () => new VirtualSite(exampleSite("port")).run(10_000);
const outcomes = (site: VirtualSite, response: string) =>
  site
    .steps()
    .filter((step) => step.response === response)
    .map(({ id, outcome }) => [id.split("/").slice(2).join("/"), outcome]);

describe("the example port", () => {
  it("comes up with nothing to tell", () => {
    const site = port();
    expect(site.of("incident.opened")).toEqual([]);
    expect(site.durable().barriers).toEqual({
      "blocker-1": "closed",
      "blocker-2": "open",
      "outer-door": "open",
      "inner-door": "open",
    });
  });

  it("A-29: bolts both doors of the buffer passage when somebody is in it", () => {
    const site = port();
    site.trigger("beam-break", "beam-buffer");
    site.run(3000);
    expect(outcomes(site, "buffer-intrusion")).toEqual([
      ["siren/siren-strobe", "met"],
      ["lock/outer-door", "met"],
      ["lock/inner-door", "met"],
    ]);
    expect([site.relay("outer-lock"), site.relay("inner-lock")]).toEqual([true, true]);
  });

  it("A-29: frees both doors on fire while they are locked", () => {
    const site = port();
    site.trigger("beam-break", "beam-buffer");
    site.run(3000);
    site.trigger("fire");
    site.run(15_000);
    expect([site.relay("outer-lock"), site.relay("inner-lock")]).toEqual([false, false]);
    expect(outcomes(site, "fire-release")).toContainEqual(["release/inner-door", "met"]);
  });

  it("A-40: tells of a blocked fire lane after its time, without the siren", () => {
    const site = port();
    site.trigger("contact-close", "fire-lane-taken");
    site.run(19_000);
    expect(site.of("zone.breached")).toEqual([]);
    site.run(3000);
    expect(outcomes(site, "fire-lane-blocked")).toEqual([["buzzer/buzzer", "met"]]);
    expect(site.relay("siren")).toBe(false);
  });

  it("A-81: answers a rush over the closed lane by emergency closing of both", () => {
    const site = port();
    site.trigger("vehicle-rush");
    site.run(8000);
    expect(outcomes(site, "vehicle-rush").filter(([step]) => step?.startsWith("close"))).toEqual([
      ["close/blocker-1", "met"],
      ["close/blocker-2", "met"],
    ]);
  });
});
