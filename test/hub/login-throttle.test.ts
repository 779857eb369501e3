// Guessing at one name: it becomes slow from wherever it is done, and the person behind the name comes in all the same.
import { expect, it } from "vitest";
import { type Attempt, createThrottle, nameLimits } from "../../hub/people/throttle.js";

const stranger = (address = "203.0.113.7", user = "li"): Attempt => ({ user, address, hasSession: false });
const { failures, waitMs, waitMsMax } = nameLimits;

/** Fails until the name must wait. */
function guessed(attempt = stranger) {
  const throttle = createThrottle();
  for (let tried = 0; tried < failures; tried += 1)
    expect(throttle.admit(attempt(`203.0.113.${tried}`), 0).waitMs).toBe(0);
  return throttle;
}

it("S-09: makes a name wait longer after each failure, from whatever address, up to a limit", () => {
  const throttle = guessed();
  const waits: number[] = [];
  let now = 0;
  for (let tried = 0; tried < 8; tried += 1) {
    const refused = throttle.admit(stranger(`198.51.100.${tried}`), now);
    waits.push(refused.waitMs);
    now += refused.waitMs;
    expect(throttle.admit(stranger(`198.51.100.${tried}`), now).waitMs).toBe(0);
  }
  expect(waits.slice(0, 3)).toEqual([waitMs, waitMs * 2, waitMs * 4]);
  expect(waits.at(-1)).toBe(waitMsMax);
});

it("S-09: never moves the end of a wait by what is refused meanwhile, and tells of it once", () => {
  const throttle = guessed();
  const told = [0, 500, 1000, 4999].map((now) => throttle.admit(stranger(), now));
  expect(told.map((refused) => refused.waitMs)).toEqual([5000, 4500, 4000, 1]);
  expect(told.map(({ isNews }) => isNews)).toEqual([true, false, false, false]);
  expect(throttle.admit(stranger(), 5000).waitMs).toBe(0);
});

it("S-09: begins the wait when the answer is known, however long that takes", () => {
  const throttle = guessed();
  throttle.failed(stranger(), 60_000);
  expect(throttle.admit(stranger(), 60_000).waitMs).toBe(waitMs);
});

it("S-09: lets a person in who has a session, or comes from where that person came in before", () => {
  const throttle = createThrottle();
  const atHome = stranger("192.0.2.10");
  throttle.admit(atHome, 0);
  throttle.succeeded(atHome);
  for (let tried = 0; tried < failures; tried += 1) throttle.admit(stranger(), 0);
  expect(throttle.admit(stranger(), 0).waitMs).toBeGreaterThan(0);
  expect(throttle.admit(atHome, 0).waitMs).toBe(0);
  expect(throttle.admit({ ...stranger(), hasSession: true }, 0).waitMs).toBe(0);
});

it("S-09: makes those wait too who guess with a session of somebody, or from that person's place", () => {
  for (const known of [{ ...stranger(), hasSession: true }, stranger("192.0.2.10")]) {
    const throttle = createThrottle();
    throttle.admit(known, 0);
    throttle.succeeded(known);
    for (let tried = 0; tried < failures; tried += 1) throttle.admit(known, 0);
    expect(throttle.admit(known, 0).waitMs).toBe(waitMs);
  }
});

it("forgets failures of who comes in after all, and those of long ago", () => {
  const throttle = guessed();
  throttle.admit(stranger(), waitMs);
  throttle.succeeded(stranger());
  expect(throttle.admit(stranger(), waitMs + 1).waitMs).toBe(0);
  const other = guessed();
  const later = nameLimits.forgetMs + 1;
  for (let tried = 0; tried < failures; tried += 1) expect(other.admit(stranger(), later).waitMs).toBe(0);
});

it("S-09: remembers a limited number of names", () => {
  const throttle = guessed();
  for (let name = 0; name < nameLimits.names; name += 1) throttle.admit(stranger("203.0.113.7", `guess-${name}`), 0);
  expect(throttle.admit(stranger(), 0).waitMs).toBe(0);
});
