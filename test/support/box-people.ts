// People of a box, put into its folder as `commission people add` would.
import { randomBytes, scryptSync } from "node:crypto";
import { type Person, writePeople } from "../../edge/commissioning/people/people.js";

/** Far below what a real PIN costs whoever guesses, and the box at each login: tests log in hundreds of times. */
const costLog2 = 8;

export interface Member {
  readonly name: string;
  readonly roles: Person["roles"];
  readonly pin: string;
  readonly duressPin?: string;
}

/** Replaces whoever is there. */
export function putPeople(dataDir: string, members: readonly Member[]): void {
  const made = { disabled: false, changedBy: "test", changedAt: "2026-11-27T00:00:00Z" };
  const people = members.map(({ name, roles, pin, duressPin }) => ({
    name,
    roles,
    pin: quickHash(pin),
    duressPin: duressPin === undefined ? null : quickHash(duressPin),
    ...made,
  }));
  writePeople(dataDir, people);
}

/** In the form of `hashPin`, which names its cost. */
function quickHash(pin: string): string {
  const salt = randomBytes(16);
  const hash = scryptSync(pin.normalize("NFKC"), salt, 32, { N: 2 ** costLog2, r: 8, p: 1 });
  return `scrypt$${costLog2}$${salt.toString("base64")}$${hash.toString("base64")}`;
}
