// Who among the box's people was added, removed or changed since the box last looked; found by comparing, so that an edit by
// hand and one made while the box was off are told too.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../../machine/whole-file.js";
import type { PersonChange, Role } from "../../model/command.js";
import { type Fact, fact } from "../../model/fact.js";
import { digestOf, type Person } from "./people.js";

/** What the box remembers of a person: enough to tell what changed, nothing that opens anything. */
interface Seen {
  readonly roles: readonly Role[];
  readonly disabled: boolean;
  readonly digest: string;
}
export type SeenPeople = Readonly<Record<string, Seen>>;

export function seenOf(people: readonly Person[]): SeenPeople {
  return Object.fromEntries(
    people.map((person) => [
      person.name,
      { roles: person.roles, disabled: person.disabled, digest: digestOf({ ...person, disabled: false, roles: [] }) },
    ]),
  );
}

/** One fact for each change. */
export function changesSince(seen: SeenPeople, people: readonly Person[]): readonly Fact[] {
  const present = seenOf(people);
  const gone = Object.keys(seen).filter((name) => !Object.hasOwn(present, name));
  const told = (user: string, change: PersonChange, roles: readonly Role[], by: string) =>
    fact("person.changed", user, { user, change, roles, by });
  return [
    ...gone.map((name) => told(name, "removed", [], "?")),
    ...people.flatMap((person) =>
      changesOf(Object.hasOwn(seen, person.name) ? seen[person.name] : undefined, present[person.name]).map((change) =>
        told(person.name, change, person.roles, person.changedBy),
      ),
    ),
  ];
}

function changesOf(before: Seen | undefined, now: Seen | undefined): readonly PersonChange[] {
  if (before === undefined || now === undefined) return ["added"];
  return [
    ...(before.disabled === now.disabled ? [] : [now.disabled ? ("disabled" as const) : ("enabled" as const)]),
    ...(before.roles.join() === now.roles.join() ? [] : ["roles" as const]),
    ...(before.digest === now.digest ? [] : ["pin" as const]),
  ];
}

const pathOf = (dataDir: string) => join(dataDir, "people-seen.json");

/** Unreadable counts as never seen: everybody is told anew. */
export function readSeen(dataDir: string): SeenPeople {
  const path = pathOf(dataDir);
  if (!existsSync(path)) return {};
  try {
    const seen: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof seen === "object" && seen !== null ? (seen as SeenPeople) : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export function writeSeen(dataDir: string, seen: SeenPeople): void {
  writeWhole(pathOf(dataDir), `${JSON.stringify(seen, null, 2)}\n`);
}
