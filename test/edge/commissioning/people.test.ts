// The box's own people: which PINs are taken, how often they may be tried, how long a login lasts, and what is told of changes.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { changesSince, seenOf } from "../../../edge/commissioning/people/changes.js";
import { createLogin } from "../../../edge/commissioning/people/login.js";
import {
  isFitName,
  type Person,
  readPeople,
  watchPeople,
  writePeople,
} from "../../../edge/commissioning/people/people.js";
import { hashPin, isFitPin, isPin } from "../../../edge/commissioning/people/pin.js";
import { createSessions, sessionLimits } from "../../../edge/commissioning/people/sessions.js";
import { createThrottle, loginLimits } from "../../../edge/commissioning/people/throttle.js";
import type { Fact } from "../../../edge/model/fact.js";

const folders: string[] = [];
const folder = () => {
  const made = mkdtempSync(join(tmpdir(), "box-people-"));
  folders.push(made);
  return made;
};
afterEach(() => {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
});

const person = (more: Partial<Person> = {}): Person => ({
  name: "li",
  roles: ["operator"],
  pin: "scrypt$1$AA==$AA==",
  duressPin: null,
  disabled: false,
  changedBy: "test",
  changedAt: "2026-11-27T00:00:00.000Z",
  ...more,
});

describe("a PIN", () => {
  it.each(["739154", "850263", "173920465182"])("is taken: %s", (pin) => expect(isFitPin(pin)).toBe(true));

  it.each([
    "",
    "7391",
    "1234567890123",
    "73915a",
    "７３９１５４",
    "000000",
    "123456",
    "987654",
    "890123",
    "121212",
    "123123",
    "112233",
  ])("is refused when it is short, long, no digits, or guessed at once: %s", (pin) =>
    expect(isFitPin(pin)).toBe(false),
  );

  it("is known by its hash only, and none is known by no hash", async () => {
    const stored = await hashPin("739154");
    expect(stored).not.toContain("739154");
    expect(await hashPin("739154")).not.toBe(stored);
    expect(await isPin("739154", stored)).toBe(true);
    expect(await isPin("739155", stored)).toBe(false);
    expect(await isPin("739154", null)).toBe(false);
    expect(await isPin("739154", "scrypt$99$AA==$AA==")).toBe(false);
  });
});

describe("the list of people", () => {
  it("is readable by the service alone and read back as it was", () => {
    const dir = folder();
    expect(readPeople(dir)).toEqual([]);
    writePeople(dir, [person()]);
    expect(statSync(join(dir, "people.json")).mode & 0o777).toBe(0o600);
    expect(readPeople(dir)).toEqual([person()]);
  });

  it.each(["{", "[]", '{"format":1,"people":[{}]}', '{"format":1,"people":[{"name":"a","roles":["king"]}]}', "null"])(
    "is refused when it is none of ours: %s",
    (text) => {
      const dir = folder();
      writeFileSync(join(dir, "people.json"), text);
      expect(() => readPeople(dir)).toThrow("config.unreadable");
    },
  );

  it("keeps the people who were known when the file is torn, and says so once", () => {
    const dir = folder();
    const told: string[] = [];
    writePeople(dir, [person()]);
    const watch = watchPeople(dir, (detail) => told.push(detail));
    expect(watch.present()).toHaveLength(1);
    writeFileSync(join(dir, "people.json"), "{");
    expect(watch.present()).toHaveLength(1);
    expect(watch.present()).toHaveLength(1);
    expect(told).toHaveLength(1);
  });

  it("takes names of both languages, and none with control characters or spaces around", () => {
    expect(["王强", "Li Wei", "o'neil"].filter(isFitName)).toHaveLength(3);
    expect(["", " li", "li ", "l\ni", "x".repeat(65)].filter(isFitName)).toEqual([]);
  });

  it("tells each change once, with who made it", () => {
    const before = seenOf([person(), person({ name: "wang" })]);
    const after = [person({ disabled: true, pin: "other" }), person({ name: "chen" })];
    expect(
      changesSince(before, after).map(({ subject, data }) => [subject, (data as { change: string }).change]),
    ).toEqual([
      ["wang", "removed"],
      ["li", "disabled"],
      ["li", "pin"],
      ["chen", "added"],
    ]);
    expect(changesSince(seenOf(after), after)).toEqual([]);
  });
});

describe("attempts to log in", () => {
  it("are counted before they are judged, wait longer each time, and leave other names alone", () => {
    const throttle = createThrottle();
    const admitted = Array.from({ length: 10 }, () => throttle.admit("li", 0)).filter(Boolean);
    expect(admitted).toHaveLength(loginLimits.failures);
    expect(throttle.admit("wang", 0)).toBe(true);
    expect(throttle.admit("li", loginLimits.waitMs - 1)).toBe(false);
    expect(throttle.admit("li", loginLimits.waitMs)).toBe(true);
    expect(throttle.admit("li", 2 * loginLimits.waitMs)).toBe(false);
    expect(throttle.admit("li", 3 * loginLimits.waitMs)).toBe(true);
  });

  it("are limited in all, whatever the names", () => {
    const throttle = createThrottle();
    const admitted = Array.from({ length: 100 }, (_, at) => throttle.admit(`n${at}`, 0)).filter(Boolean);
    expect(admitted).toHaveLength(loginLimits.attempts);
  });

  it("end with a person or a code, mark duress nowhere else, and are audited", async () => {
    const facts: Fact[] = [];
    const [pin, duressPin] = await Promise.all([hashPin("739154"), hashPin("850263")]);
    const people = [person({ pin, duressPin }), person({ name: "gone", pin, disabled: true })];
    const forced: string[] = [];
    const login = createLogin({
      clock: { mono: () => 0 },
      people: () => people,
      record: (fact) => facts.push(fact),
      underDuress: (name) => forced.push(name),
    });
    expect(await login("li", "739154", "a")).toMatchObject({ ok: true, who: { name: "li", duress: false } });
    expect(await login("li", "850263", "a")).toMatchObject({ ok: true, who: { name: "li", duress: true } });
    expect(await login("gone", "739154", "a")).toEqual({ ok: false, code: "api.unauthenticated" });
    expect(await login("nobody", "739154", "a")).toEqual({ ok: false, code: "api.unauthenticated" });
    const hammered = await Promise.all(Array.from({ length: 12 }, () => login("li", "000000", "a")));
    expect(hammered.filter((each) => !each.ok && each.code === "api.unauthenticated")).toHaveLength(
      loginLimits.failures,
    );
    expect(await login("li", "739154", "a")).toEqual({ ok: false, code: "api.throttled" });
    const [own, duress] = facts.filter(({ type }) => type === "login.accepted");
    expect(duress).toEqual(own);
    expect(forced).toEqual(["li"]);
    expect(facts.filter(({ type }) => type === "login.throttled")).toHaveLength(1);
  });

  it("say that there is nobody on a box without people", async () => {
    const login = createLogin({
      clock: { mono: () => 0 },
      people: () => [],
      record: () => undefined,
      underDuress: () => undefined,
    });
    expect(await login("li", "739154", "a")).toEqual({ ok: false, code: "people.none" });
  });
});

describe("a session", () => {
  let now = 0;
  let count = 0;
  const people = { list: [person()] as readonly Person[] };
  const who = { name: "li", roles: ["operator"] as const, duress: false, digest: "" };
  const setUp = async () => {
    const { digestOf } = await import("../../../edge/commissioning/people/people.js");
    now = 0;
    people.list = [person()];
    const random = {
      bytes(length: number) {
        count += 1;
        return new Uint8Array(length).fill(count);
      },
    };
    const sessions = createSessions({ clock: { mono: () => now }, random }, () => people.list);
    return { sessions, mine: { ...who, digest: digestOf(person()) } };
  };

  it("ends after idleness, after a shift, and when the person is changed", async () => {
    const { sessions, mine } = await setUp();
    const idle = sessions.open(mine);
    now += sessionLimits.idleMs;
    expect(sessions.find(idle)).toBeNull();
    const long = sessions.open(mine);
    for (let spent = 0; spent < sessionLimits.lengthMs; spent += sessionLimits.idleMs / 2) {
      expect(sessions.find(long)).not.toBeNull();
      now += sessionLimits.idleMs / 2;
    }
    expect(sessions.find(long)).toBeNull();
    const disabled = sessions.open(mine);
    people.list = [person({ disabled: true })];
    expect(sessions.find(disabled)).toBeNull();
  });

  it("is not kept alive by looking", async () => {
    const { sessions, mine } = await setUp();
    const secret = sessions.open(mine);
    now += sessionLimits.idleMs - 1;
    expect(sessions.isOpen(secret)).toBe(true);
    now += 1;
    expect(sessions.isOpen(secret)).toBe(false);
  });

  it("gives way to a newer one of the same person beyond the limit", async () => {
    const { sessions, mine } = await setUp();
    const opened = Array.from({ length: sessionLimits.perPerson + 1 }, () => {
      now += 1;
      return sessions.open(mine);
    });
    expect(opened.map((secret) => sessions.isOpen(secret))).toEqual([false, true, true, true, true]);
  });
});
