// The mark that a device keeps after somebody has logged in on it. It opens nothing: whoever bears it is not counted among the strangers
// when PINs are tried, so that no flood of wrong PINs keeps the guard out. It holds for as long as the person stands as then.
import { createHmac, hkdfSync, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Random } from "../../machine/ports.js";
import { digestOf, type Person } from "./people.js";

export interface Devices {
  markFor(person: Person): string;
  /** Who was the last to log in on the device that bears this mark; null for a mark that is none, or of somebody who was changed since. */
  voucher(mark: string): string | null;
}

const keyBytes = 32;

/** `keyFile`: the box's signing key, from which the marks' own is derived; without it marks hold until the next start. */
export function createDevices(
  { keyFile, random }: { readonly keyFile: string; readonly random: Random },
  people: () => readonly Person[],
): Devices {
  const key = hkdfSync("sha256", secretAt(keyFile, random), "", "portcullis known device", keyBytes);
  const markFor = (person: Person) =>
    createHmac("sha256", Buffer.from(key))
      .update(`${person.name}\n${digestOf(person)}`)
      .digest();

  return {
    markFor: (person) => markFor(person).toString("base64url"),
    voucher(mark) {
      const shown = Buffer.from(mark, "base64url");
      const isOf = (person: Person) => shown.length === keyBytes && timingSafeEqual(shown, markFor(person));
      return people().find((person) => !person.disabled && isOf(person))?.name ?? null;
    },
  };
}

function secretAt(keyFile: string, random: Random): Uint8Array {
  try {
    return readFileSync(keyFile);
  } catch {
    // A box without a disk acts all the same (rule 10).
    return random.bytes(keyBytes);
  }
}
