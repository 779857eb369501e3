// What the box's own pages may have of the durable state: a silent hold-up leaves no trace in it.
import { expect, it } from "vitest";
import { withoutHoldUps } from "../../../edge/agent/hold-ups.js";
import { initialState, step } from "../../../edge/controller.js";
import { initialDurable } from "../../../edge/incident/durable.js";
import { manualClock } from "../../support/manual-clock.js";
import { exampleSite } from "../../support/virtual-site.js";

const [config] = exampleSite("office").edges;
if (config === undefined) throw new Error("the example has a box");

it("shows the same state before and after a silent hold-up", () => {
  const now = manualClock().now();
  const before = initialState(config, initialDurable(config), now);
  const { state } = step(before, { kind: "recorded", facts: [], duressBy: "li" }, now);
  expect(Object.values(state.durable.incidents)).toMatchObject([{ kind: "hold-up" }]);
  expect(withoutHoldUps(state.durable, config)).toEqual(withoutHoldUps(before.durable, config));
});
