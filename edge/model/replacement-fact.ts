// Facts by which a hub can set up a spare box: what the records of its acts do not say, and that it has been done.
import type { KeptText } from "./replacement.js";
import type { Stamp } from "./time.js";

export interface ReplacementFactMap {
  /** The site's file as it came into force. It holds no passwords: those lie in files of their own. */
  "config.kept": KeptText & { readonly revision: number };
  /** The commissioning book. */
  "book.kept": KeptText;
  /** What people know of its devices: places, plan references, maintenance intervals. */
  "inventory.kept": KeptText;
  /** This box goes on in place of another one of its name. */
  "box.replaced": {
    /** Serial number of the new box's certificate, and those of the certificates that lost their force. */
    readonly serial: string;
    readonly replaced: readonly string[];
    /** Epochs of the old box, which the hub has and this one never had. */
    readonly epochs: readonly string[];
    readonly revision: number;
    /** When the old box's newest record was made, by its clock; null when the hub has none. */
    readonly lastAt: string | null;
    /** Records of the old box that are known to be lost. */
    readonly missing: number;
    readonly at: Stamp;
  };
}
