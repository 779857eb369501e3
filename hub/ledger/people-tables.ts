// What stands beside the records in the ledger's file: users and their sessions.
import type { Kysely, Selectable } from "kysely";
import type { Role } from "../../edge/model/command.js";
import type { Ledger, SessionRow, UserRow } from "./ledger.js";
import type { Tables } from "./tables.js";

type Database = Kysely<Tables>;

type Beside = Pick<
  Ledger,
  "user" | "users" | "userCount" | "putUser" | "session" | "sessions" | "putSession" | "endSession" | "endSessionsOf"
>;

export function peopleTables(db: Database): Beside {
  return { ...users(db), ...sessions(db) };
}

function users(db: Database): Pick<Beside, "user" | "users" | "userCount" | "putUser"> {
  return {
    async user(name) {
      const row = await db.selectFrom("users").selectAll().where("name", "=", name).executeTakeFirst();
      return row && userOf(row);
    },
    async users() {
      return (await db.selectFrom("users").selectAll().orderBy("name").execute()).map(userOf);
    },
    async userCount() {
      const row = await db
        .selectFrom("users")
        .select((select) => select.fn.countAll<number>().as("count"))
        .executeTakeFirst();
      return row?.count ?? 0;
    },
    async putUser({ disabled, ...user }) {
      const values = { ...user, disabled: disabled ? 1 : 0 };
      await db
        .insertInto("users")
        .values(values)
        .onConflict((conflict) => conflict.column("name").doUpdateSet(values))
        .execute();
    },
  };
}

function userOf({ name, role, password, disabled }: Selectable<Tables["users"]>): UserRow {
  return { name, role: role as Role, password, disabled: disabled === 1 };
}

type Sessions = "session" | "sessions" | "putSession" | "endSession" | "endSessionsOf";

function sessions(db: Database): Pick<Beside, Sessions> {
  return {
    async session(hash) {
      const row = await db.selectFrom("sessions").selectAll().where("hash", "=", hash).executeTakeFirst();
      return row && sessionOf(row);
    },
    async sessions() {
      return (await db.selectFrom("sessions").selectAll().orderBy("opened_at").execute()).map(sessionOf);
    },
    async putSession({ hash, user, role, kind, openedAt, expiresAt }) {
      const values = { hash, user, role, kind, opened_at: openedAt, expires_at: expiresAt };
      await db.insertInto("sessions").values(values).execute();
    },
    async endSession(hash) {
      await db.deleteFrom("sessions").where("hash", "=", hash).execute();
    },
    async endSessionsOf(user, exceptHash, now) {
      await db
        .deleteFrom("sessions")
        .where((where) =>
          where.or([
            where.and([where("user", "=", user), where("hash", "!=", exceptHash)]),
            where("expires_at", "<", now),
          ]),
        )
        .execute();
    },
  };
}

function sessionOf(row: Selectable<Tables["sessions"]>): SessionRow {
  const { hash, user, role, kind, opened_at, expires_at } = row;
  return {
    hash,
    user,
    role: role as Role,
    kind: kind === "login" ? kind : "token",
    openedAt: opened_at,
    expiresAt: expires_at,
  };
}
