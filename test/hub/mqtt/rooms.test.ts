// Control rooms over MQTT, the pure part: who may say what, how requests are read, which pictures hang.
import { describe, expect, it } from "vitest";
import type { AlarmRecord } from "../../../hub/alarm/record.js";
import { alarmTopic, readAsking, roomRules } from "../../../hub/broker/rooms.js";
import { show, showAll } from "../../../hub/control-room/mqtt/pictures.js";
import { idOf, readAct, readReplay } from "../../../hub/control-room/mqtt/requests.js";

const rules = roomRules(["room-a", "room-b"]);
const own = "portcullis/v1/rooms/room-a";
const alarms = "portcullis/v1/alarms";

describe("the control rooms' broker", () => {
  it.each([
    { name: "a room's own request", who: "room-a", topic: `${own}/act`, retain: false, allowed: true },
    { name: "a room's replay", who: "room-a", topic: `${own}/replay`, retain: false, allowed: true },
    { name: "a retained request", who: "room-a", topic: `${own}/act`, retain: true, allowed: false },
    { name: "another room's request", who: "room-b", topic: `${own}/act`, retain: false, allowed: false },
    { name: "a room's own result", who: "room-a", topic: `${own}/result`, retain: false, allowed: false },
    { name: "an alarm by a room", who: "room-a", topic: `${alarms}/s/e/1`, retain: false, allowed: false },
    { name: "an alarm by the hub", who: "hub-intake", topic: `${alarms}/s/e/1`, retain: true, allowed: true },
    { name: "a box's topic by the hub", who: "hub-intake", topic: "other/v1/s", retain: false, allowed: false },
  ])("decides on publishing: $name", ({ who, topic, retain, allowed }) => {
    expect(rules.canPublish(who, topic, retain)).toBe(allowed);
  });

  it.each([
    ["all alarms", "room-a", `${alarms}/#`, true],
    ["one site's", "room-a", `${alarms}/port/+/+`, true],
    ["its own results", "room-a", `${own}/result`, true],
    ["another's results", "room-b", `${own}/result`, false],
    ["everything", "room-a", "#", false],
    ["everybody's results", "room-a", "portcullis/v1/rooms/+/result", false],
    ["requests, by the hub", "hub-intake", "portcullis/v1/rooms/+/act", true],
  ])("decides on hearing: %s", (_name, who, filter, allowed) => {
    expect(rules.canSubscribe(who, filter)).toBe(allowed);
  });

  it("delivers to nobody what a mixed subscription slipped in", () => {
    expect(rules.canReceive("room-b", `${own}/result`)).toBe(false);
    expect(rules.canReceive("room-b", `${alarms}/s/e/1`)).toBe(true);
  });

  it.each([
    ["room-a", true],
    ["hub-intake", true],
    ["compound.gatehouse", false],
    ["room-c", false],
  ])("admits %s: %s", (certificateName, admitted) => {
    const identity = { client: certificateName, password: null, certificateName } as Parameters<
      typeof rules.authenticate
    >[0];
    expect(rules.authenticate(identity)).toBe(admitted);
  });
});

describe("a control room's request", () => {
  const act = { id: "7", alarm: "12", act: { kind: "acknowledge" }, by: "李伟" };
  it("is read", () => {
    expect(readAct(JSON.stringify(act))).toEqual({ ok: true, request: { ...act, note: "" } });
    const shelve = { ...act, act: { kind: "shelve", forMs: 60_000, reason: "test" } };
    expect(readAct(JSON.stringify(shelve))).toMatchObject({ ok: true, request: { act: shelve.act } });
    expect(readReplay('{"id":"8","after":0}')).toEqual({ ok: true, request: { id: "8", after: 0 } });
    expect(readAsking(`${own}/act`)).toEqual({ room: "room-a", kind: "act" });
  });

  it.each<[string, string, unknown]>([
    ["no JSON", "/", "{"],
    ["a list", "/id", []],
    ["nothing", "/", null],
    ["no id", "/id", { ...act, id: undefined }],
    ["an endless id", "/id", { ...act, id: "x".repeat(65) }],
    ["a number as alarm", "/alarm", { ...act, alarm: 12 }],
    ["nobody", "/by", { ...act, by: "" }],
    ["a name with a line break", "/by", { ...act, by: "a\nb" }],
    ["a note that is no text", "/note", { ...act, note: 1 }],
    ["an act that is none", "/act", { ...act, act: { kind: "open-the-gate" } }],
    ["a word of every object", "/act", { ...act, act: { kind: "constructor" } }],
    ["a shelving without reason", "/act", { ...act, act: { kind: "shelve", forMs: 1 } }],
    ["a shelving for ever", "/act", { ...act, act: { kind: "shelve", forMs: Number.MAX_VALUE, reason: "x" } }],
  ])("is refused with its place: %s", (_name, place, body) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    expect(readAct(text)).toEqual({ ok: false, place });
  });

  it.each([-1, 1.5, "1", null])("is refused as replay after %s", (after) => {
    expect(readReplay(JSON.stringify({ id: "1", after }))).toEqual({ ok: false, place: "/after" });
  });

  it("keeps its id where it has one, so that the asker knows what was refused", () => {
    expect([idOf('{"id":"9"}'), idOf("{"), idOf('{"id":9}')]).toEqual(["9", "", ""]);
  });

  it.each(["portcullis/v1/rooms/a/b/act", "portcullis/v1/rooms/a/result", "portcullis/v2/rooms/a/act", ""])(
    "is none at '%s'",
    (topic) => {
      expect(readAsking(topic)).toBeNull();
    },
  );
});

describe("the pictures of alarms", () => {
  const alarm = (id: string, state: AlarmRecord["state"] = "unacknowledged") =>
    ({ id, site: "port", edge: "gate", state }) as AlarmRecord;

  it("hang while the alarm is open, and are taken down when it is closed", () => {
    expect(show(alarm("1"))).toMatchObject([{ topic: `${alarms}/port/gate/1`, retain: true }]);
    expect(show(alarm("1", "closed")).map(({ payload, retain }) => [payload === "", retain])).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it("are all shown again oldest first, and what is gone meanwhile is taken down before", () => {
    const hanging = new Set([alarmTopic(alarm("1")), alarmTopic(alarm("2"))]);
    const publishes = showAll(hanging, [alarm("3"), alarm("2")]);
    expect(publishes.map(({ topic, payload }) => `${topic.at(-1)}${payload === "" ? " down" : ""}`)).toEqual([
      "1 down",
      "2",
      "3",
    ]);
  });

  it("of the hub's own alarms hang under a dash", () => {
    expect(alarmTopic({ site: "", edge: "", id: "5" })).toBe(`${alarms}/-/-/5`);
  });
});
