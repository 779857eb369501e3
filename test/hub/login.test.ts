// Logins through other protocols: a name that goes on guessing is stopped, others are not, and the record says so without
// becoming the flood.
import { expect, it } from "vitest";
import { createLogin, failuresMax, namesMax } from "../../hub/people/login.js";
import { manualClock } from "../support/manual-clock.js";

function started() {
  const clock = manualClock();
  const asked: string[] = [];
  const records: string[] = [];
  const login = createLogin(
    {
      clock,
      people: {
        login: async (user, password) => {
          asked.push(user);
          if (password !== "right") return null;
          return { user, role: "operator", token: "t", expiresAt: "", mustSetPassword: false };
        },
        logout: async () => undefined,
      },
      book: {
        act: async (...facts) => {
          records.push(...facts.map(({ type, subject }) => `${type} ${subject}`));
          return [];
        },
      },
    },
    "opcua",
  );
  return { clock, asked, records, login };
}

it("S-09: stops a name after five failures, also when they come at once, and records that once", async () => {
  const { asked, records, login } = started();
  const guesses = await Promise.all(Array.from({ length: 20 }, () => login("li", "guess")));
  expect(guesses).toEqual(guesses.map(() => false));
  expect(await login("li", "right")).toBe(false);
  expect(asked.length).toBe(failuresMax);
  expect(records.filter((record) => record === "login.refused li").length).toBe(failuresMax);
  expect(records.filter((record) => record === "login.throttled li").length).toBe(1);
});

it("S-09: locks nobody else out, and the name itself for a minute only", async () => {
  const { clock, records, login } = started();
  for (let tried = 0; tried < 10; tried += 1) await login("li", "guess");
  expect(await login("wang", "right")).toBe(true);
  clock.advance(60_000);
  expect(await login("li", "right")).toBe(true);
  expect(records.slice(-1)).toEqual(["login.accepted li"]);
});

it("S-09: asks for no more hashes however many names are tried", async () => {
  const { asked, records, login } = started();
  await Promise.all(Array.from({ length: 500 }, (_, index) => login(`guess-${index}`, "guess")));
  expect(asked.length).toBe(namesMax);
  expect(records.length).toBeLessThanOrEqual(namesMax * 3);
});

it("forgets failures of who comes in after all", async () => {
  const { login } = started();
  for (let times = 0; times < 4; times += 1) {
    for (let tried = 1; tried < failuresMax; tried += 1) await login("li", "guess");
    expect(await login("li", "right")).toBe(true);
  }
});
