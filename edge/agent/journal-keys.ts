// The journal's keys: the one that signs is made at the first start and stays in the data folder, mode 0600.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { OnTrouble } from "../journal/journal.js";
import type { Random } from "../machine/ports.js";
import { writeIfWritable, writeWhole } from "../machine/whole-file.js";
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
