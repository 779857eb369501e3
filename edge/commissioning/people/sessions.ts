// Who is logged in at the box: in memory, so that a restart ends all; limited in number, in idleness and in length.
import { createHash } from "node:crypto";
import type { Clock, Random } from "../../machine/ports.js";
import type { MonoMs } from "../../model/time.js";
import type { Who } from "./login.js";
import { digestOf, type Person } from "./people.js";

export const sessionLimits = {
  idleMs: 30 * 60_000,
  /** A login ends after a shift. */
  lengthMs: 12 * 3_600_000,
  /** Of one person; a further login ends the one that was idle longest. */
  perPerson: 4,
  inAll: 64,
} as const;

const secretBytes = 32;

interface Session {
  readonly who: Who;
  readonly openedAt: MonoMs;
  seenAt: MonoMs;
}

export interface Sessions {
  /** The secret that the person bears from now on. */
  open(who: Who): string;
  /** Null when it is over, or when the person was changed, disabled or removed since. */
  find(secret: string): Who | null;
  /** The same, but to look does not count as doing something. */
  isOpen(secret: string): boolean;
  end(secret: string): Who | null;
}

export function createSessions(
  { clock, random }: { readonly clock: Pick<Clock, "mono">; readonly random: Random },
  people: () => readonly Person[],
): Sessions {
  const open = new Map<string, Session>();

  const isOver = ({ openedAt, seenAt }: Session) =>
    clock.mono() - seenAt >= sessionLimits.idleMs || clock.mono() - openedAt >= sessionLimits.lengthMs;
  const isStill = ({ who }: Session) =>
    people().some((person) => person.name === who.name && digestOf(person) === who.digest);

  /** Ends the one that was idle longest among those that `counts` names, while there are `max` or more. */
  function makeRoom(max: number, counts: (session: Session) => boolean): void {
    const those = [...open].filter(([, session]) => counts(session)).sort(([, a], [, b]) => a.seenAt - b.seenAt);
    for (const [hash] of those.slice(0, Math.max(0, those.length - max + 1))) open.delete(hash);
  }

  function living(secret: string): Session | null {
    const hash = hashOf(secret);
    const session = open.get(hash);
    if (session === undefined) return null;
    if (!isOver(session) && isStill(session)) return session;
    open.delete(hash);
    return null;
  }

  return {
    open(who) {
      for (const [hash, session] of open) if (isOver(session)) open.delete(hash);
      makeRoom(sessionLimits.perPerson, (session) => session.who.name === who.name);
      makeRoom(sessionLimits.inAll, () => true);
      const secret = Buffer.from(random.bytes(secretBytes)).toString("base64url");
      open.set(hashOf(secret), { who, openedAt: clock.mono(), seenAt: clock.mono() });
      return secret;
    },
    find(secret) {
      const session = living(secret);
      if (session === null) return null;
      session.seenAt = clock.mono();
      return session.who;
    },
    isOpen: (secret) => living(secret) !== null,
    end(secret) {
      const session = open.get(hashOf(secret));
      open.delete(hashOf(secret));
      return session?.who ?? null;
    },
  };
}

/** Secrets have 256 random bits, so a plain hash suffices. */
function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
