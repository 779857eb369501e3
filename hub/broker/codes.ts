// One-time codes by which an administrator lets one named box in. At rest there are hashes only.
import { createHash, randomUUID } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import type { Random } from "../../edge/machine/ports.js";
import { writeWhole } from "../../edge/machine/whole-file.js";

export interface Code {
  readonly id: string;
  /** SHA-256; a code has 80 random bits, so a plain hash suffices. */
  readonly hash: string;
  /** `{site}.{edge}` */
  readonly name: string;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
  /** For a spare box that takes this one's place; the certificates before it lose their force. */
  readonly replaces?: true;
  /** SHA-256 of the public key that it was used for; null before. */
  readonly usedFor: string | null;
}

export interface CodeUser {
  readonly keyId: string;
  readonly name: string | undefined;
  /** Whether it comes to take another box's place. */
  readonly replaces: boolean;
}

export interface Codes {
  /** A new code for a box; an earlier one for the same box ends. Null when too many are open. */
  make(
    wanted: Pick<Code, "name" | "by" | "replaces">,
    now: number,
  ): { readonly code: string; readonly entry: Code } | null;
  /** Those that may still be used. */
  open(now: number): readonly Code[];
  withdraw(id: string): Code | null;
  /**
   * Uses the code for the key; null when it is wrong, over, for another box, or used for another key; `other-use`, and not
   * used up, when it is for the other kind of enrolment. The same key may come again, because an answer can get lost.
   */
  use(code: string, by: CodeUser, now: number): Code | "other-use" | null;
}

export const codeMinutes = 15;
export const codesMax = 100;
const codeBytes = 10;
/** Without letters that are taken for digits. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

export function openCodes(path: string, random: Random): Codes {
  let codes: readonly Code[] = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as Code[]) : [];
  const keep = (next: readonly Code[]) => {
    writeWhole(path, `${JSON.stringify(next, null, 2)}\n`);
    codes = next;
  };
  const alive = (now: number) => codes.filter(({ expiresAt }) => Date.parse(expiresAt) > now);
  return {
    make(wanted, now) {
      const others = alive(now).filter(({ name }) => name !== wanted.name);
      if (others.length >= codesMax) return null;
      const code = spell(random.bytes(codeBytes));
      const expiresAt = new Date(now + codeMinutes * 60_000).toISOString();
      const entry: Code = { id: randomUUID(), hash: hashOf(code), ...wanted, expiresAt, usedFor: null };
      keep([...others, entry]);
      return { code, entry };
    },
    open: (now) => alive(now).filter(({ usedFor }) => usedFor === null),
    withdraw(id) {
      const entry = codes.find((each) => each.id === id && each.usedFor === null);
      if (entry === undefined) return null;
      keep(codes.filter((each) => each !== entry));
      return entry;
    },
    use(code, { keyId, name, replaces }, now) {
      const hash = hashOf(code);
      const entry = alive(now).find((each) => each.hash === hash && each.name === (name ?? each.name));
      if (entry === undefined || (entry.usedFor !== null && entry.usedFor !== keyId)) return null;
      if ((entry.replaces === true) !== replaces) return "other-use";
      if (entry.usedFor === null) keep(codes.map((each) => (each === entry ? { ...entry, usedFor: keyId } : each)));
      return entry;
    },
  };
}

/** Five bits a letter, in groups of four. */
function spell(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  const spelled = (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join("");
  return (spelled.match(/.{4}/g) ?? []).join("-");
}

/** However a person types it. */
function hashOf(code: string): string {
  const plain = code
    .toUpperCase()
    .replaceAll(/[^0-9A-Z]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return createHash("sha256").update(plain).digest("hex");
}
