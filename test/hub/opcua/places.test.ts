// Which of very many sources have an OPC UA condition of their own.
import { expect, it } from "vitest";
import { createPlaces, others } from "../../../hub/control-room/opcua/places.js";

const places = () => createPlaces({ namedMax: 2, conditionsMax: 3 });

it("gives few sources a condition before they have an alarm", () => {
  const { name, of, isCrowded } = places();
  expect(["a", "b", "a"].map(name)).toEqual([true, true, true]);
  expect(of("a")).toEqual({ source: "a", instead: null });
  expect(isCrowded()).toBe(false);
});

it("gives each of many sources one with its first alarm, and leaves it to those that had one before", () => {
  const { name, of, isCrowded } = places();
  name("a");
  of("b");
  expect([name("c"), isCrowded()]).toEqual([false, true]);
  expect(["a", "b", "c"].map(name)).toEqual([false, true, false]);
  expect(of("c")).toEqual({ source: "c", instead: null });
  expect(name("c")).toBe(true);
});

it("gives none of them one beforehand where boxes alone are too many", () => {
  const { name, isCrowded } = createPlaces({ namedMax: 2, conditionsMax: 3 }, 3);
  expect([isCrowded(), name("a")]).toEqual([true, false]);
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
