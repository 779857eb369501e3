// Users, logins and sessions over a real ledger: who comes in, for how long, and how everything of a person ends at once.
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Ledger } from "../../hub/ledger/ledger.js";
import { openLedger } from "../../hub/ledger/sqlite.js";
import { hashPassword } from "../../hub/people/password.js";
import { openPeople, type People, sessionHours, sessionIdleMs } from "../../hub/people/people.js";
import { manualClock } from "../support/manual-clock.js";

const password = "a long enough password";
const minute = 60_000;

describe("a hub's people", () => {
  let ledger: Ledger;
  let clock: ReturnType<typeof manualClock>;
  let people: People;
  /** One hash costs a good part of a second. */
  let hash: string;

  beforeAll(async () => {
    hash = await hashPassword(password);
  });
  beforeEach(async () => {
    ledger = openLedger(":memory:");
    clock = manualClock();
    people = await openPeople(ledger, clock);
    await ledger.putUser({ name: "admin", password: hash, role: "administrator", disabled: false });
    await ledger.putUser({ name: "wang", password: hash, role: "operator", disabled: false });
  });
  afterEach(() => ledger.close());

  const enter = async (user: string) => (await people.login(user, password))?.token ?? "";
  const codeOf = (promise: Promise<unknown>) =>
    promise.then(
      () => "done",
      (error) => error.trouble?.code,
    );

  it("come in with their password only, and store nobody's secret", async () => {
    expect(await people.login("wang", "another long password")).toBeNull();
    expect(await people.login("nobody", password)).toBeNull();
    const token = await enter("wang");
    expect(await people.who(token)).toEqual({ user: "wang", role: "operator" });
    const stored = JSON.stringify([await ledger.users(), await ledger.sessions()]);
    expect([stored.includes(token), stored.includes(password)]).toEqual([false, false]);
  });

  it("S-10: are out after half an hour in which nothing was asked, and not while a page asks", async () => {
    const [idle, busy] = [await enter("wang"), await enter("wang")];
    await people.who(idle);
    for (let passed = 0; passed < sessionIdleMs; passed += 10 * minute) {
      clock.advance(10 * minute);
      expect(await people.who(busy)).not.toBeNull();
    }
    expect(await people.who(idle)).toBeNull();
    expect((await people.sessions()).length).toBe(1);
  });

  it("S-10: are out after a shift, however busy", async () => {
    const token = await enter("wang");
    for (let hours = 0; hours < sessionHours * 60; hours += 20) {
      expect(await people.who(token)).not.toBeNull();
      clock.advance(20 * minute);
    }
    expect(await people.who(token)).toBeNull();
    expect(await people.sessions()).toEqual([]);
  });

  it("have programs whose tokens rest without ending", async () => {
    const token = await people.issueToken("camera", "operator", 1);
    await people.who(token);
    clock.advance(5 * 60 * minute);
    expect(await people.who(token)).toEqual({ user: "camera", role: "operator" });
  });

  it("are out at once when disabled, with all their sessions and tokens, and cannot come in until enabled", async () => {
    const tokens = [await enter("wang"), await people.issueToken("wang", "operator", 1)];
    await people.setDisabled("wang", true);
    expect(await Promise.all(tokens.map(people.who))).toEqual([null, null]);
    expect([await people.login("wang", password), await people.isActive("wang")]).toEqual([null, false]);
    await people.setDisabled("wang", false);
    expect(await people.login("wang", password)).not.toBeNull();
  });

  it("always have one administrator left", async () => {
    expect(await codeOf(people.setDisabled("admin", true))).toBe("command.not-possible");
    expect(await codeOf(people.putUser("admin", password, "operator"))).toBe("command.not-possible");
    await people.putUser("second", password, "administrator");
    expect(await codeOf(people.setDisabled("admin", true))).toBe("done");
    expect(await codeOf(people.setDisabled("second", true))).toBe("command.not-possible");
    expect(await codeOf(people.setDisabled("nobody", true))).toBe("api.not-found");
  });

  it("have one administrator left also when two changes meet", async () => {
    await people.putUser("second", password, "administrator");
    const demoted = codeOf(people.putUser("admin", password, "operator"));
    expect(await codeOf(people.setDisabled("second", true))).toBe("done");
    expect(await demoted).toBe("command.not-possible");
    await people.setDisabled("second", false);
    const both = ["admin", "second"].map((user) => codeOf(people.setDisabled(user, true)));
    expect(await Promise.all(both)).toEqual(["done", "command.not-possible"]);
  });

  it("stay disabled while they are given another password", async () => {
    const put = people.putUser("wang", password, "supervisor");
    await people.setDisabled("wang", true);
    await put;
    expect(await ledger.user("wang")).toMatchObject({ role: "supervisor", disabled: true });
  });

  it("change their password only with the present one, which ends their other sessions", async () => {
    const [mine, other] = [await enter("wang"), await enter("wang")];
    const wang = { user: "wang", role: "operator" } as const;
    const next = "quite another password";
    expect(await people.setOwnPassword(mine, wang, { password: next })).toBe(false);
    expect(await people.setOwnPassword(mine, wang, { password: next, current: "wrong" })).toBe(false);
    expect(await people.setOwnPassword(mine, wang, { password: next, current: password })).toBe(true);
    expect([await people.who(mine), await people.who(other)]).toEqual([wang, null]);
    expect([await people.login("wang", password), (await people.login("wang", next))?.user]).toEqual([null, "wang"]);
  });

  it("do not come in when they are disabled, or have another password, while theirs is looked at", async () => {
    const disabled = people.login("wang", password);
    await people.setDisabled("wang", true);
    expect(await disabled).toBeNull();
    await people.setDisabled("wang", false);
    const renewed = people.login("wang", password);
    await ledger.putUser({ name: "wang", password: `${hash}=`, role: "operator", disabled: false });
    expect(await renewed).toBeNull();
    expect(await ledger.sessions()).toEqual([]);
  });

  it("come in with the role that they have when their password was found right", async () => {
    const entered = people.login("admin", password);
    await ledger.putUser({ name: "admin", password: hash, role: "operator", disabled: false });
    expect(await entered).toMatchObject({ role: "operator" });
  });

  it("who are disabled while their new password is hashed stay out, with their old one", async () => {
    const mine = await enter("wang");
    const change = { password: "quite another password", current: password };
    const changed = people.setOwnPassword(mine, { user: "wang", role: "supervisor" }, change);
    await people.setDisabled("wang", true);
    expect(await changed).toBe(false);
    expect(await ledger.user("wang")).toEqual({ name: "wang", password: hash, role: "operator", disabled: true });
  });

  it("keep the role that they have, whatever their login said, when they change their password", async () => {
    const mine = await enter("wang");
    const change = { password: "quite another password", current: password };
    expect(await people.setOwnPassword(mine, { user: "wang", role: "supervisor" }, change)).toBe(true);
    expect(await ledger.user("wang")).toMatchObject({ role: "operator", disabled: false });
  });

  it("can end one session by its name, which opens nothing", async () => {
    const [first, second] = [await enter("wang"), await enter("wang")];
    await people.who(first);
    const [info] = await people.sessions();
    expect(info).toMatchObject({ user: "wang", kind: "login", id: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(await people.who(info?.id ?? "")).toBeNull();
    expect(await people.endSession((info?.id ?? "").slice(0, 4))).toBeNull();
    expect(await people.endSession(info?.id ?? "")).toMatchObject({ user: "wang" });
    expect([await people.who(first), await people.who(second)].filter((person) => person !== null)).toHaveLength(1);
  });
});
