// Facts about settings that people change at the box itself.
import type { MadeChange } from "./revision.js";

export interface SettingsFactMap {
  /** Written before the box is handed the revision; `config.applied` or `config.refused` tells what became of it. */
  "settings.proposed": {
    readonly revision: number;
    readonly hash: string;
    readonly by: readonly string[];
    readonly reason: string;
    readonly changes: readonly MadeChange[];
    readonly backTo: number | null;
  };
  /** Somebody wanted to change settings and may not, or not so. */
  "settings.refused": { readonly by: string; readonly code: string; readonly detail: string };
}
