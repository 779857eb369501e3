// The controller is run once on a throw-away state before the box guards.
import { expect, it } from "vitest";
import { warmUp } from "../../../edge/agent/warm-up.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { HandFed } from "../../support/hand-fed.js";
import { exampleSite } from "../../support/virtual-site.js";

it.each(["office", "school", "port"] as const)(
  "runs through the whole %s and leaves what is remembered as it was",
  (name) => {
    const [config] = exampleSite(name).edges;
    if (config === undefined) throw new Error("the example has a box");
    const durable = initialDurable(config);
    const before = structuredClone(durable);
    warmUp(config, durable, new HandFed(config).now());
    expect(durable).toEqual(before);
  },
);
