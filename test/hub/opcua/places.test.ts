// Which of very many sources have an OPC UA condition of their own.
import { expect, it } from "vitest";
import { createPlaces, others } from "../../../hub/control-room/opcua/places.js";

const places = () => createPlaces({ namedMax: 2, conditionsMax: 3 });

it("gives the first sources a condition before they have an alarm, and further ones with their first", () => {
  const { name, of } = places();
  expect(["a", "b", "c", "a"].map(name)).toEqual([true, true, false, true]);
  expect(of("a")).toEqual({ source: "a", instead: null });
  expect(of("c")).toEqual({ source: "c", instead: null });
  expect(name("c")).toBe(true);
});

it("takes the place of the one that has been quiet for longest", () => {
  const { of, mark } = places();
  for (const source of ["a", "b", "c"]) {
    of(source);
    mark(source, true);
  }
  mark("b", false);
  mark("a", false);
  expect(of("d")).toEqual({ source: "d", instead: "b" });
  expect(of("b")).toEqual({ source: "b", instead: "a" });
});

it("lets alarms share one condition when all others are in use, and takes none of those away", () => {
  const { of, mark } = places();
  for (const source of ["a", "b", "c"]) {
    of(source);
    mark(source, true);
  }
  expect(of("d")).toEqual({ source: others, instead: null });
  mark(others, false);
  expect(of("a")).toEqual({ source: "a", instead: null });
  mark("c", false);
  expect(of("d")).toEqual({ source: "d", instead: "c" });
});
