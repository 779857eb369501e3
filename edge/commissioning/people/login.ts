// Name and PIN against the box's people: throttled, in constant time, audited.
import type { Clock } from "../../machine/ports.js";
import type { Role } from "../../model/command.js";
import type { ErrorCode } from "../../model/error.js";
import { type Fact, fact } from "../../model/fact.js";
import { digestOf, type Person } from "./people.js";
import { hasRoomForHashes, isPin } from "./pin.js";
import { createThrottle, isStranger, type LoginFrom, loginLimits } from "./throttle.js";

/** Who stands behind a session or a second PIN. `duress` shows nowhere but in what is ordered. */
export interface Who {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly duress: boolean;
  /** Of the person as it was then; differs when PIN, roles or admission have changed since. */
  readonly digest: string;
}

export type LoginOutcome = { readonly ok: true; readonly who: Who } | { readonly ok: false; readonly code: ErrorCode };

export interface LoginParts {
  readonly clock: Pick<Clock, "mono">;
  readonly people: () => readonly Person[];
  readonly record: (fact: Fact) => void;
  /** A PIN under duress was taken; whatever comes of what it was given for, somebody needs help. */
  readonly underDuress: (name: string) => void;
}

export type Login = (name: string, pin: string, from: LoginFrom) => Promise<LoginOutcome>;

/** Names whose throttling is recorded in one window; each once. */
const toldMax = 16;
const toldMs = 60_000;

export function createLogin({ clock, people, record, underDuress }: LoginParts): Login {
  const throttle = createThrottle();
  const tell = onceAWhile(clock, (name, address) => {
    const user = shownName(name, people());
    record(fact("login.throttled", user, { user, address }));
  });

  return async (name, pin, from) => {
    const { address } = from;
    if (people().length === 0) return { ok: false, code: "people.none" };
    if (!hasRoomForHashes(isStranger(from)) || !throttle.admit(from, name, clock.mono())) {
      tell(name, address);
      return { ok: false, code: "api.throttled" };
    }
    const who = await check(
      people().find((person) => person.name === name),
      pin,
    );
    if (who !== null) {
      throttle.succeeded(from, name);
      record(fact("login.accepted", name, { user: name, address }));
      if (who.duress) underDuress(name);
      return { ok: true, who };
    }
    const failures = throttle.failures(from, name);
    const user = shownName(name, people());
    if (failures === 1 || failures >= loginLimits.failures)
      record(fact("login.refused", user, { user, address, failures }));
    return { ok: false, code: "api.login-refused" };
  };
}

/** Always two hashes, so that the time does not tell which PIN it was, nor whether there is such a person. */
async function check(person: Person | undefined, pin: string): Promise<Who | null> {
  const [isOwn, isDuress] = await Promise.all([isPin(pin, person?.pin ?? null), isPin(pin, person?.duressPin ?? null)]);
  if (person === undefined || person.disabled || !(isOwn || isDuress)) return null;
  return { name: person.name, roles: person.roles, duress: isDuress, digest: digestOf(person) };
}

/** A PIN that was typed into the wrong field goes into no record. */
function shownName(name: string, people: readonly Person[]): string {
  const isKnown = people.some((person) => person.name === name);
  return isKnown || !/^\s*[0-9]{4,}\s*$/.test(name) ? name : "?";
}

function onceAWhile(clock: Pick<Clock, "mono">, tell: (name: string, address: string) => void) {
  const told = new Set<string>();
  let since = clock.mono();
  return (name: string, address: string) => {
    if (clock.mono() - since >= toldMs) {
      told.clear();
      since = clock.mono();
    }
    if (told.has(name) || told.size >= toldMax) return;
    told.add(name);
    tell(name, address);
  };
}
