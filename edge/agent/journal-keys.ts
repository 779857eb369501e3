// The journal's keys, made at the first start, mode 0600: the one that signs stays in the data folder, the one that opens
// encrypted areas stays out of it.
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { OnTrouble } from "../journal/journal.js";
import type { Random } from "../machine/ports.js";
import { modeOpenToOthers, writeIfWritable, writeWhole } from "../machine/whole-file.js";
import { createSealer, makeSealingKey, openerOf, publicSealingKey, type Sealer } from "../record/seal.js";
import { makeSigningKey, type Signer, signerOf } from "../record/sign.js";

export const privateName = "journal.key";
/** What a reader needs to verify this box's journal, wherever it is. */
export const publicName = "journal.pub";
const publicMode = 0o644;

/** The box's signer; undefined, and told, when its key can be neither read nor stored: the box then guards unsigned. */
export function openSigner(folder: string, random: Random, onTrouble: OnTrouble): Signer | undefined {
  const path = join(folder, privateName);
  const unusable = (detail: string) => onTrouble({ code: "journal.key-unusable", place: path, detail });
  try {
    if (!existsSync(path) && !writeIfWritable(path, makeSigningKey(random))) {
      unusable("no key, and none can be stored");
      return undefined;
    }
    const signer = signerOf(readFileSync(path, "utf8"));
    const shown = join(folder, publicName);
    if (!existsSync(shown)) writeWhole(shown, signer.publicKey, publicMode);
    return signer;
  } catch (error) {
    unusable(String(error));
    return undefined;
  }
}

/** Names the file of the private key that opens encrypted areas; goes before the configuration's `keyFile`. */
export const keyVariable = "PORTCULLIS_JOURNAL_KEY";
const sealName = "seal.pub";

export interface SealerSetup {
  /** The box's data folder, in which the private key may not be. */
  readonly dataDir: string;
  readonly keysDir: string;
  /** Where the private key is; made there at the first start. */
  readonly keyFile: string | undefined;
  readonly random: Random;
  readonly onTrouble: OnTrouble;
}

/**
 * Seals what encrypted areas record. Without the private key, which is told, new records are sealed all the same and those
 * of earlier runs stay closed until it is back. Where there has never been a key, only this run reads what it seals.
 */
export function openSealer(setup: SealerSetup): Sealer {
  const { keysDir, keyFile, random, onTrouble } = setup;
  const shown = join(keysDir, sealName);
  const tell = (code: "journal.key-missing" | "journal.key-unusable", detail: string) =>
    onTrouble({ code, place: keyFile ?? keyVariable, detail });
  let known: string | null = null;
  try {
    known = existsSync(shown) ? readFileSync(shown, "utf8") : null;
    const pem = privateKeyAt(setup, known === null);
    if (pem === null) tell("journal.key-missing", known === null ? "no key has ever been made" : "no file");
    else {
      const own = publicSealingKey(pem);
      if (known !== null && known !== own) tell("journal.key-unusable", "another key than the one of this journal");
      else if (known === null && !writeIfWritable(shown, own))
        tell("journal.key-unusable", `${shown} cannot be written`);
      return createSealer(known ?? own, random, openerOf(pem));
    }
  } catch (error) {
    tell("journal.key-unusable", String(error));
  }
  return createSealer(known ?? publicSealingKey(makeSealingKey(random)), random, openerOf(null));
}

/** Null when there is none and `mayMake` is false, or none can be made. */
function privateKeyAt({ dataDir, keyFile, random, onTrouble }: SealerSetup, mayMake: boolean): string | null {
  if (keyFile === undefined) return null;
  if (!relative(resolve(dataDir), resolve(keyFile)).startsWith(".."))
    throw new Error("the key lies in the data folder that it is to protect");
  if (!existsSync(keyFile) && mayMake) writeWhole(keyFile, makeSealingKey(random));
  if (!existsSync(keyFile)) return null;
  if (modeOpenToOthers(keyFile) !== null)
    onTrouble({ code: "journal.key-unusable", place: keyFile, detail: "others may read it; mode 0600 is asked for" });
  return readFileSync(keyFile, "utf8");
}
