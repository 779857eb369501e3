// Users, logins and API tokens. Secrets are stored as hashes only; sessions live at the hub, so that they can be ended.
import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "../../edge/machine/ports.js";
import type { Role } from "../../edge/model/command.js";
import { PortcullisError } from "../../edge/model/error.js";
import type { SessionInfo, SessionView, UserView } from "../console/views.js";
import type { Ledger, SessionRow, UserRow } from "../ledger/ledger.js";
import { hashPassword, isPassword } from "./password.js";

/** Who the one-time code of the first start lets in. */
export const firstUser = "admin";
/** A login ends after a shift. */
export const sessionHours = 12;
/** A login that nothing asks with is over; a page that is open asks all the time. */
export const sessionIdleMs = 30 * 60_000;
/** Logins whose last use is remembered. */
const seenMax = 10_000;
const secretBytes = 32;
const sessionIdLength = 16;

/** Who stands behind a request. */
export interface Person {
  readonly user: string;
  readonly role: Role;
}

export interface People {
  /** Null when user or password is wrong, or the user may not come in. */
  login(user: string, password: string): Promise<SessionView | null>;
  /** Null when the code is wrong or was used. */
  loginOnce(code: string): Promise<SessionView | null>;
  /** Null when the token is unknown or over. */
  who(token: string): Promise<Person | null>;
  logout(token: string): Promise<void>;
  /** Whether this is the first person, whose code was good and who has set no password yet. */
  lacksPassword(person: Person): boolean;
  users(): Promise<readonly UserView[]>;
  /** Creates a user, or gives a known one a new password and role. Ends that user's sessions. */
  putUser(user: string, password: string, role: Role): Promise<void>;
  /** Ends all that this user has open. Rejects with `api.not-found`, or `command.not-possible` for the last administrator. */
  setDisabled(user: string, disabled: boolean): Promise<void>;
  /** False only for a user who was disabled. */
  isActive(user: string): Promise<boolean>;
  /** `current` is asked for once there is a password. False when it is wrong or this person has no account (an API token). */
  setOwnPassword(token: string, person: Person, change: PasswordChange): Promise<boolean>;
  /** An API token for programs; shown once, stored as hash. */
  issueToken(user: string, role: Role, days: number): Promise<string>;
  sessions(): Promise<readonly SessionInfo[]>;
  /** Null when there is none with this id. */
  endSession(id: string): Promise<SessionInfo | null>;
  /** Null when somebody has set a password already. */
  readonly oneTimeCode: string | null;
}

export interface PasswordChange {
  readonly current?: string | undefined;
  readonly password: string;
}

export async function openPeople(ledger: Ledger, clock: Clock): Promise<People> {
  const oneTimeCode = (await ledger.userCount()) === 0 ? newSecret() : null;
  let isUntouched = oneTimeCode !== null;
  let codeHash = oneTimeCode === null ? null : hashOf(oneTimeCode);
  const now = () => new Date(clock.now().wall).toISOString();
  await ledger.endSessionsOf("", "", now());
  const sessions = createSessions(ledger, clock);
  const inTurn = createTurns();

  return {
    oneTimeCode,
    async login(user, password) {
      const known = await ledger.user(user);
      if (!(await isPassword(password, known?.password))) return null;
      return inTurn(async () => {
        const row = await ledger.user(user);
        if (row === undefined || row.disabled || row.password !== known?.password) return null;
        const person: Person = { user, role: row.role };
        return { ...person, ...(await sessions.open(person, "login", sessionHours)), mustSetPassword: false };
      });
    },
    async loginOnce(code) {
      if (codeHash === null || hashOf(code) !== codeHash) return null;
      codeHash = null;
      const person: Person = { user: firstUser, role: "administrator" };
      return { ...person, ...(await sessions.open(person, "login", sessionHours)), mustSetPassword: true };
    },
    who: sessions.who,
    logout: (token) => ledger.endSession(hashOf(token)),
    lacksPassword: ({ user }) => isUntouched && user === firstUser,
    ...createUsers(ledger, { now, inTurn, passwordSet: () => (isUntouched = false) }),
    async issueToken(user, role, days) {
      const { token } = await sessions.open({ user, role }, "token", days * 24);
      return token;
    },
    sessions: sessions.list,
    endSession: sessions.end,
  };
}

/**
 * One change of users and logins after the other, each from what is stored when its turn comes. A hash takes too long to be
 * made in a turn, so whoever read something before a hash reads it again.
 */
function createTurns(): <T>(change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (change) => {
    const mine = last.then(change);
    last = mine.catch(() => undefined);
    return mine;
  };
}

interface UserPorts {
  readonly now: () => string;
  readonly inTurn: <T>(change: () => Promise<T>) => Promise<T>;
  readonly passwordSet: () => void;
}

type Users = Pick<People, "users" | "putUser" | "setDisabled" | "isActive" | "setOwnPassword">;

function createUsers(ledger: Ledger, { now, inTurn, passwordSet }: UserPorts): Users {
  return {
    users: async () => (await ledger.users()).map(({ name, role, disabled }) => ({ user: name, role, disabled })),
    async putUser(user, password, role) {
      const hash = await hashPassword(password);
      await inTurn(async () => {
        const row = await ledger.user(user);
        if (row !== undefined && role !== "administrator") await keepAdministrator(ledger, row);
        await ledger.putUser({ name: user, role, password: hash, disabled: row?.disabled ?? false });
        passwordSet();
        await ledger.endSessionsOf(user, "", now());
      });
    },
    setDisabled: (user, disabled) =>
      inTurn(async () => {
        const row = await ledger.user(user);
        if (row === undefined)
          throw new PortcullisError({ code: "api.not-found", place: "/params/user", detail: user });
        if (disabled) await keepAdministrator(ledger, row);
        await ledger.putUser({ ...row, disabled });
        if (disabled) await ledger.endSessionsOf(user, "", now());
      }),
    isActive: async (user) => (await ledger.user(user))?.disabled !== true,
    async setOwnPassword(token, { user, role }, { current, password }) {
      const known = await ledger.user(user);
      const isFirst = user === firstUser && (await ledger.userCount()) === 0;
      if (!isFirst && (known === undefined || !(await isPassword(current ?? "", known.password)))) return false;
      const hash = await hashPassword(password);
      return inTurn(async () => {
        const row = await ledger.user(user);
        if (row?.password !== known?.password || row?.disabled === true) return false;
        await ledger.putUser({ name: user, role: row?.role ?? role, password: hash, disabled: false });
        passwordSet();
        await ledger.endSessionsOf(user, hashOf(token), now());
        return true;
      });
    },
  };
}

/** Without one nobody could let anybody in again. */
async function keepAdministrator(ledger: Ledger, row: UserRow): Promise<void> {
  const others = (await ledger.users()).filter(({ name, role, disabled }) => {
    return name !== row.name && role === "administrator" && !disabled;
  });
  if (row.role !== "administrator" || row.disabled || others.length > 0) return;
  throw new PortcullisError({ code: "command.not-possible", place: "/user", detail: "the last administrator" });
}

function createSessions(ledger: Ledger, clock: Clock) {
  /** When each login was last asked with, on the monotonic clock; one of an earlier run begins anew. */
  const seenAt = new Map<string, number>();
  const now = () => new Date(clock.now().wall).toISOString();

  async function isIdle({ hash, kind }: SessionRow): Promise<boolean> {
    if (kind === "token") return false;
    const mono = clock.mono();
    const seen = seenAt.get(hash) ?? mono;
    if (seenAt.size >= seenMax) seenAt.clear();
    seenAt.set(hash, mono);
    if (mono - seen < sessionIdleMs) return false;
    seenAt.delete(hash);
    await ledger.endSession(hash);
    return true;
  }

  return {
    async open(person: Person, kind: SessionRow["kind"], hours: number): Promise<{ token: string; expiresAt: string }> {
      const token = newSecret();
      const expiresAt = new Date(clock.now().wall + hours * 3_600_000).toISOString();
      await ledger.putSession({ ...person, kind, hash: hashOf(token), openedAt: now(), expiresAt });
      return { token, expiresAt };
    },
    async who(token: string): Promise<Person | null> {
      const session = await ledger.session(hashOf(token));
      if (session === undefined || session.expiresAt <= now() || (await isIdle(session))) return null;
      return { user: session.user, role: session.role };
    },
    async list(): Promise<readonly SessionInfo[]> {
      const rows = await ledger.sessions();
      return rows.filter(({ expiresAt }) => expiresAt > now()).map(infoOf);
    },
    async end(id: string): Promise<SessionInfo | null> {
      const row = (await ledger.sessions()).find(({ hash }) => hash.startsWith(id) && id.length === sessionIdLength);
      if (row === undefined) return null;
      await ledger.endSession(row.hash);
      return infoOf(row);
    },
  };
}

/** The start of a hash names a session and opens nothing. */
function infoOf({ hash, user, role, kind, openedAt, expiresAt }: SessionRow): SessionInfo {
  return { id: hash.slice(0, sessionIdLength), user, role, kind, openedAt: openedAt || null, expiresAt };
}

function newSecret(): string {
  return randomBytes(secretBytes).toString("base64url");
}

/** Secrets have 256 random bits, so a plain hash suffices. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
