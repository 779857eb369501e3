// Users, logins and API tokens. Secrets are stored as hashes only; sessions live at the hub, so that they can be ended.
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../edge/machine/ports.js";
import type { Role } from "../../edge/model/command.js";
import type { SessionView } from "../console/views.js";
import type { Ledger } from "../ledger/ledger.js";
import { hashPassword, isPassword } from "./password.js";

/** Who the one-time code of the first start lets in. */
export const firstUser = "admin";
/** A login ends after a shift. */
export const sessionHours = 12;
const secretBytes = 32;

/** Who stands behind a request. */
export interface Person {
  readonly user: string;
  readonly role: Role;
}

export interface People {
  /** Null when user or password is wrong. */
  login(user: string, password: string): Promise<SessionView | null>;
  /** Null when the code is wrong or was used. */
  loginOnce(code: string): Promise<SessionView | null>;
  /** Null when the token is unknown or over. */
  who(token: string): Promise<Person | null>;
  logout(token: string): Promise<void>;
  /** Creates a user, or gives a known one a new password and role. Ends that user's sessions. */
  putUser(user: string, password: string, role: Role): Promise<void>;
  /** False when this person has no account (an API token). Ends the user's other sessions. */
  setOwnPassword(token: string, person: Person, password: string): Promise<boolean>;
  /** An API token for programs; shown once, stored as hash. */
  issueToken(user: string, role: Role, days: number): Promise<string>;
  /** Null when somebody has set a password already. */
  readonly oneTimeCode: string | null;
}

export async function openPeople(ledger: Ledger, clock: Clock): Promise<People> {
  const oneTimeCode = (await ledger.userCount()) === 0 ? newSecret() : null;
  let codeHash = oneTimeCode === null ? null : hashOf(oneTimeCode);
  const now = () => new Date(clock.now().wall).toISOString();
  await ledger.endSessionsOf("", "", now());

  async function openSession(person: Person, hours: number): Promise<{ token: string; expiresAt: string }> {
    const token = newSecret();
    const expiresAt = new Date(clock.now().wall + hours * 3_600_000).toISOString();
    await ledger.putSession({ ...person, hash: hashOf(token), expiresAt });
    return { token, expiresAt };
  }

  async function who(token: string): Promise<Person | null> {
    const session = await ledger.session(hashOf(token));
    return session !== undefined && session.expiresAt > now() ? { user: session.user, role: session.role } : null;
  }

  return {
    oneTimeCode,
    async login(user, password) {
      const row = await ledger.user(user);
      if (!(await isPassword(password, row?.password)) || row === undefined) return null;
      const person: Person = { user, role: row.role };
      return { ...person, ...(await openSession(person, sessionHours)), mustSetPassword: false };
    },
    async loginOnce(code) {
      if (codeHash === null || hashOf(code) !== codeHash) return null;
      codeHash = null;
      const person: Person = { user: firstUser, role: "administrator" };
      return { ...person, ...(await openSession(person, sessionHours)), mustSetPassword: true };
    },
    who,
    logout: (token) => ledger.endSession(hashOf(token)),
    async putUser(user, password, role) {
      await ledger.putUser({ name: user, role, password: await hashPassword(password) });
      await ledger.endSessionsOf(user, "", now());
    },
    async setOwnPassword(token, { user, role }, password) {
      const isFirst = user === firstUser && (await ledger.userCount()) === 0;
      if (!isFirst && (await ledger.user(user)) === undefined) return false;
      await ledger.putUser({ name: user, role, password: await hashPassword(password) });
      await ledger.endSessionsOf(user, hashOf(token), now());
      return true;
    },
    issueToken: async (user, role, days) => (await openSession({ user, role }, days * 24)).token,
  };
}

function newSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** Secrets have 256 random bits, so a plain hash suffices. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
