// The box's own people: which PINs are taken, how often they may be tried, how long a login lasts, and what is told of changes.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { changesSince, seenOf } from "../../../edge/commissioning/people/changes.js";
import { createDevices } from "../../../edge/commissioning/people/devices.js";
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
import {
  createThrottle,
  type LoginFrom,
  loginLimits,
  type Throttle,
} from "../../../edge/commissioning/people/throttle.js";
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
    "850213",
    "130285",
    "021385",
    "19850213",
    "13022085",
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
  const dayMs = 24 * 3_600_000;
  const at = (address: string): LoginFrom => ({ address, isHere: false, voucher: null });
  const phone = at("10.0.0.66");
  const here: LoginFrom = { address: "127.0.0.1", isHere: true, voucher: null };
  const tablet: LoginFrom = { address: "10.0.0.7", isHere: false, voucher: "li" };

  /** Wrong PINs that are admitted within a day, by somebody who tries each minute all that `tries` names. */
  function guessedInDay(throttle: Throttle, from: number, tries: (minute: number) => readonly [LoginFrom, string][]) {
    let admitted = 0;
    for (let now = from; now < from + dayMs; now += 60_000)
      admitted += tries(now / 60_000).filter(([place, name]) => throttle.admit(place, name, now)).length;
    return admitted;
  }

  it("are counted before they are judged, wait longer each time, and leave other names and places alone", () => {
    const throttle = createThrottle();
    const admitted = Array.from({ length: 10 }, () => throttle.admit(phone, "li", 0)).filter(Boolean);
    expect(admitted).toHaveLength(loginLimits.failures);
    expect(throttle.admit(phone, "wang", 0)).toBe(true);
    expect(throttle.admit(at("10.0.0.67"), "li", 0)).toBe(true);
    expect(throttle.admit(phone, "li", loginLimits.waitMs - 1)).toBe(false);
    expect(throttle.admit(phone, "li", loginLimits.waitMs)).toBe(true);
    expect(throttle.admit(phone, "li", 2 * loginLimits.waitMs)).toBe(false);
    expect(throttle.admit(phone, "li", 3 * loginLimits.waitMs)).toBe(true);
    for (let minutes = 7; minutes < 300; minutes += 1) throttle.admit(tablet, "wang", minutes * 60_000);
    expect(throttle.admit(tablet, "wang", 300 * 60_000 + loginLimits.waitMsMax)).toBe(true);
  });

  it("from one address are limited, whatever the names", () => {
    const throttle = createThrottle();
    const admitted = Array.from({ length: 100 }, (_, count) => throttle.admit(phone, `n${count}`, 0)).filter(Boolean);
    expect(admitted).toHaveLength(loginLimits.address.atOnce);
    expect(throttle.admit(at("10.0.0.8"), "li", 0)).toBe(true);
  });

  it("from however many addresses keep out neither who stands at the box nor whose device is known", () => {
    const throttle = createThrottle();
    const flood = () =>
      guessedInDay(throttle, 0, (minute) =>
        Array.from({ length: 20 }, (_, each) => [at(`10.${each}.0.${minute % 250}`), each % 2 === 0 ? "li" : "wang"]),
      );
    expect(flood()).toBeGreaterThan(loginLimits.strangers.atOnce);
    expect(throttle.admit(at("10.99.0.1"), "li", dayMs - 1)).toBe(false);
    for (const place of [here, tablet])
      for (const name of ["li", "wang"]) expect(throttle.admit(place, name, dayMs - 1)).toBe(true);
  });

  it("by somebody with any number of addresses come to 48 guesses a day, by an insider to 96: hopeless with 6 digits", () => {
    const names = Array.from({ length: 64 }, (_, count) => `n${count}`);
    const strangers = createThrottle();
    const everywhere = (minute: number) =>
      names.map((name, each) => [at(`${minute}.${each}`), name] as [LoginFrom, string]);
    guessedInDay(strangers, 0, everywhere);
    expect(guessedInDay(strangers, dayMs, everywhere)).toBeLessThanOrEqual(48);
    for (const place of [tablet, here]) {
      const insider = createThrottle();
      const all = () => names.map((name) => [place, name] as [LoginFrom, string]);
      guessedInDay(insider, 0, all);
      expect(guessedInDay(insider, dayMs, all)).toBeLessThanOrEqual(96);
    }
  });

  it("do not begin anew for an insider who gives his own PIN in between", () => {
    const throttle = createThrottle();
    let guesses = 0;
    for (let count = 0; count < 200; count += 1) {
      if (throttle.admit(tablet, `n${count}`, 0)) guesses += 1;
      if (throttle.admit(tablet, "li", 0)) throttle.succeeded(tablet, "li");
    }
    expect(guesses).toBeLessThanOrEqual(loginLimits.place.atOnce);
  });

  it("that are right are free, however many", () => {
    const throttle = createThrottle();
    for (let count = 0; count < 100; count += 1) {
      expect(throttle.admit(phone, "li", 0)).toBe(true);
      throttle.succeeded(phone, "li");
    }
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
    expect(await login("li", "739154", here)).toMatchObject({ ok: true, who: { name: "li", duress: false } });
    expect(await login("li", "850263", here)).toMatchObject({ ok: true, who: { name: "li", duress: true } });
    expect(await login("gone", "739154", here)).toEqual({ ok: false, code: "api.login-refused" });
    expect(await login("nobody", "739154", here)).toEqual({ ok: false, code: "api.login-refused" });
    const hammered = await Promise.all(Array.from({ length: 12 }, () => login("li", "000000", here)));
    expect(hammered.filter((each) => !each.ok && each.code === "api.login-refused")).toHaveLength(loginLimits.failures);
    expect(await login("li", "739154", here)).toEqual({ ok: false, code: "api.throttled" });
    expect(await login("li", "850263", tablet)).toMatchObject({ ok: true, who: { duress: true } });
    const [own, duress] = facts.filter(({ type }) => type === "login.accepted");
    expect(duress).toEqual(own);
    expect(forced).toEqual(["li", "li"]);
    expect(facts.filter(({ type }) => type === "login.throttled")).toHaveLength(1);
  });

  it("keep a PIN that was typed as a name out of the record", async () => {
    const facts: Fact[] = [];
    const login = createLogin({
      clock: { mono: () => 0 },
      people: () => [person()],
      record: (fact) => facts.push(fact),
      underDuress: () => undefined,
    });
    for (let count = 0; count <= loginLimits.failures; count += 1) await login("739154", "li", here);
    expect(new Set(facts.map(({ type }) => type))).toEqual(new Set(["login.refused", "login.throttled"]));
    expect(JSON.stringify(facts)).not.toContain("739154");
  });

  it("say that there is nobody on a box without people", async () => {
    const login = createLogin({
      clock: { mono: () => 0 },
      people: () => [],
      record: () => undefined,
      underDuress: () => undefined,
    });
    expect(await login("li", "739154", here)).toEqual({ ok: false, code: "people.none" });
  });
});

describe("the mark of a known device", () => {
  const random = { bytes: (count: number) => new Uint8Array(count).fill(7) };
  const li = person();
  const list = (...people: readonly Person[]) => createDevices({ keyFile: "", random }, () => people);

  it("vouches for who logged in there last, until that person is changed, disabled or removed", () => {
    const mark = list(li).markFor(li);
    expect(list(person({ name: "wang" }), li).voucher(mark)).toBe("li");
    expect(list(person({ pin: "scrypt$1$AA==$AQ==" })).voucher(mark)).toBeNull();
    expect(list(person({ name: "wang" })).voucher(mark)).toBeNull();
    const out = person({ disabled: true });
    expect(list(out).voucher(list(out).markFor(out))).toBeNull();
  });

  it("holds over a restart by the box's own key, and is worth nothing at another box", () => {
    const [own, other] = ["own", "other"].map((text) => {
      const keyFile = join(folder(), "key");
      writeFileSync(keyFile, text);
      return keyFile;
    });
    const at = (keyFile = "") => createDevices({ keyFile, random }, () => [li]);
    expect(at(own).voucher(at(own).markFor(li))).toBe("li");
    expect(at(other).voucher(at(own).markFor(li))).toBeNull();
  });

  it.each(["", "x", "A".repeat(43), "%00"])("is not guessed: %s", (mark) => expect(list(li).voucher(mark)).toBeNull());
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
