// The box's own people in DIR/people.json (0600): whoever may act with the hub gone. Changed by the command line, read by the
// box's HTTP, which notices each change without a restart.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { markOf, writeWhole } from "../../machine/whole-file.js";
import { type Role, roles } from "../../model/command.js";
import { boxIssuer } from "../../model/drive-run.js";
import { PortcullisError } from "../../model/error.js";
import { panelIssuer } from "../../model/panel.js";

export const peopleLimits = { people: 64, nameCharacters: 64 } as const;

export interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Hashes of pin.ts. */
  readonly pin: string;
  /** Works as the PIN does and raises a silent hold-up; null where there is none. */
  readonly duressPin: string | null;
  readonly disabled: boolean;
  /** Who entered it as it stands, and when (ISO 8601 UTC). */
  readonly changedBy: string;
  readonly changedAt: string;
}

interface PeopleFile {
  readonly format: 1;
  readonly people: readonly Person[];
}

const pathOf = (dataDir: string) => join(dataDir, "people.json");

/** Empty while there is no file. @throws PortcullisError `config.unreadable` for a file that is none of ours. */
export function readPeople(dataDir: string): readonly Person[] {
  const path = pathOf(dataDir);
  if (!existsSync(path)) return [];
  const people = parse(readFileSync(path, "utf8"));
  if (people === null)
    throw new PortcullisError({ code: "config.unreadable", place: path, detail: "no list of people" });
  return people;
}

function parse(text: string): readonly Person[] | null {
  let file: Partial<PeopleFile> | null;
  try {
    file = JSON.parse(text) as Partial<PeopleFile> | null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const people = file?.format === 1 && Array.isArray(file.people) ? file.people : null;
  return people?.every(isPerson) && people.length <= peopleLimits.people ? people : null;
}

function isPerson(value: unknown): value is Person {
  if (typeof value !== "object" || value === null) return false;
  const { name, roles: held, pin, duressPin, disabled } = value as Readonly<Record<string, unknown>>;
  const hasRoles = Array.isArray(held) && held.length > 0 && held.every((role) => roles.includes(role));
  const hasPins = typeof pin === "string" && (duressPin === null || typeof duressPin === "string");
  return typeof name === "string" && isFitName(name) && hasRoles && hasPins && typeof disabled === "boolean";
}

/** No person is called like the wired panel or the box itself, which stand in the record too. */
export function isFitName(name: string): boolean {
  return (
    name !== panelIssuer &&
    name !== boxIssuer &&
    name.length <= peopleLimits.nameCharacters &&
    /^[^\p{C}\s]([^\p{C}]*[^\p{C}\s])?$/u.test(name)
  );
}

export function writePeople(dataDir: string, people: readonly Person[]): void {
  writeWhole(pathOf(dataDir), `${JSON.stringify({ format: 1, people } satisfies PeopleFile, null, 2)}\n`);
}

/** Differs when anything has changed that a session rests on; opens nothing. */
export function digestOf({ roles: held, pin, duressPin, disabled }: Person): string {
  return createHash("sha256")
    .update(JSON.stringify([held, pin, duressPin, disabled]))
    .digest("base64url");
}

export interface PeopleReader {
  /** As the file stands now; a file that cannot be read leaves the people who were known before, and is told once. */
  present(): readonly Person[];
}

export function watchPeople(dataDir: string, trouble: (detail: string) => void): PeopleReader {
  let mark: string | null | undefined;
  let known: readonly Person[] = [];
  return {
    present() {
      const next = markOf(pathOf(dataDir));
      if (next === mark) return known;
      mark = next;
      try {
        known = readPeople(dataDir);
      } catch (error) {
        trouble(error instanceof Error ? error.message : String(error));
      }
      return known;
    },
  };
}
