// Which records are sealed: those that name an encrypted area, what stands in it, or an incident that began there.
import { expect, test } from "vitest";
import { createSecrecy, secretIds } from "../../../edge/agent/secrecy.js";
import { pointsOf } from "../../../edge/model/site.js";
import { exampleSite } from "../../support/virtual-site.js";

const [plain] = exampleSite("office").edges;
if (plain === undefined) throw new Error("the example has a box");
const zone = plain.zones[0];
if (zone === undefined) throw new Error("the example has a zone");
const config = { ...plain, journal: { ...plain.journal, encryptedAreas: [zone.area] } };
const elsewhere = plain.zones.find(({ area }) => area !== zone.area);

const secrecy = () => createSecrecy(secretIds(config));
const record = (type: string, data: Record<string, unknown>, subject = "x") => ({ type, subject, data });

test.each([
  ["its area", record("area.armed", { area: zone.area })],
  ["its zone", record("zone.changed", { zone: zone.id })],
  ["its zone as the subject", record("zone.changed", {}, zone.id)],
  [
    "its zone as a device",
    record("workorder.opened", { number: "box-W1", device: `zone:${zone.id}` }, `zone:${zone.id}`),
  ],
  ["its zone in a list", record("walktest.ended", { tested: ["other", zone.id] })],
  ["its zone's case", record("guidedtest.done", { subject: `${zone.id}/case` }, `${zone.id}/case`)],
  ["the whole state", record("state.kept", { durable: {}, part: 0 })],
])("A-34: what names %s is sealed", (_, draft) => {
  expect(secrecy().seals(draft)).toBe(true);
});

test.each([
  ["another area", record("zone.changed", { zone: elsewhere?.id, area: elsewhere?.area })],
  ["the configuration", record("config.applied", { inventory: { areas: [{ id: zone.area }] } })],
  ["the box", record("health.sampled", { stepMsMax: 1 })],
])("what tells of %s is not", (_, draft) => {
  expect(secrecy().seals(draft)).toBe(false);
});

test("what follows in an incident of the area is sealed with it, also after a start", () => {
  const step = record("step.met", { step: "box-1/respond/siren", incident: "box-1" });
  const before = secrecy();
  expect(before.seals(step)).toBe(false);
  before.seals(record("incident.opened", { incident: { id: "box-1", place: zone.area, zones: [zone.id] } }));
  expect(before.seals(step)).toBe(true);
  const after = secrecy();
  after.note({ type: "state.kept", data: { durable: { incidents: { "box-1": { zones: [zone.id] } } } } });
  expect(after.seals(step)).toBe(true);
});

test("a zone that a new configuration puts into the area is sealed from then on", () => {
  const before = secrecy();
  const draft = record("zone.changed", { zone: "new-zone" });
  expect(before.seals(draft)).toBe(false);
  before.add(secretIds({ ...config, zones: [...config.zones, { ...zone, id: "new-zone" }] }));
  expect(before.seals(draft)).toBe(true);
});

test("which areas are encrypted may be that of the start, whatever a new configuration says", () => {
  const ids = secretIds(plain, config.journal);
  expect([ids, secretIds(plain)]).toEqual([secretIds(config), []]);
});

test.each(plain.barriers)("every point of the barrier $id is sealed with its area", (barrier) => {
  const wired = new Set(pointsOf(plain).map(({ id }) => id));
  const own = createSecrecy(secretIds(plain, { ...plain.journal, encryptedAreas: [barrier.area] }));
  const { drive, signal, ...rest } = barrier;
  const texts = [drive, signal ?? {}, rest].flatMap((part) => Object.values(part).flat().map(String));
  const points = texts.filter((id) => wired.has(id));
  expect(points.length).toBeGreaterThan(2);
  expect(points.filter((point) => !own.seals(record("point.lost", { point })))).toEqual([]);
});
