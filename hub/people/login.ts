// Logins through protocols that keep their own sessions: throttled, checked, audited. The API does the same in its routes.
import type { Clock } from "../../edge/machine/ports.js";
import type { MonoMs } from "../../edge/model/time.js";
import type { Book } from "../ledger/ledger.js";
import type { People } from "./people.js";

const windowMs = 60_000;
/** Failures of one name in a window; whoever holds another name is not locked out by it. */
export const failuresMax = 5;
/** Names that may fail in one window, because each attempt costs a hash; further ones wait for the next. */
export const namesMax = 16;

/** `address` names the protocol in the record. An attempt counts as failed until it has succeeded, so that many at once count too. */
export function createLogin(
  {
    people,
    book,
    clock,
  }: { readonly people: Pick<People, "login" | "logout">; readonly book: Pick<Book, "act">; readonly clock: Clock },
  address: string,
): (user: string, password: string) => Promise<boolean> {
  const failures = new Map<string, number>();
  let since: MonoMs = clock.mono();
  const told = new Set<string>();
  const record = (type: string, user: string) =>
    book.act({ type, lane: "state", subject: user, data: { user, address } });

  function beginWindow(): void {
    if (clock.mono() - since < windowMs) return;
    since = clock.mono();
    failures.clear();
    told.clear();
  }

  function admits(user: string): boolean {
    const failed = failures.get(user);
    if (failed === undefined ? failures.size >= namesMax : failed >= failuresMax) return false;
    failures.set(user, (failed ?? 0) + 1);
    return true;
  }

  return async (user, password) => {
    beginWindow();
    if (!admits(user)) {
      // Once per name and window, or the record would be the flood.
      if (told.has(user) || told.size >= namesMax * 2) return false;
      told.add(user);
      await record("login.throttled", user);
      return false;
    }
    const session = await people.login(user, password);
    if (session !== null) {
      failures.delete(user);
      await people.logout(session.token);
    }
    await record(session === null ? "login.refused" : "login.accepted", user);
    return session !== null;
  };
}
