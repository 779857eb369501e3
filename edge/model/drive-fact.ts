// Facts about work on barriers' drives: locked out and cleared, tried, checked.

import type { CheckResult, DriveRunResult } from "./drive-run.js";
import type { Stamp } from "./time.js";

export interface DriveFactMap {
  "barrier.locked-out": {
    readonly barrier: string;
    readonly by: string;
    readonly note: string;
    readonly at: Stamp;
  };
  /** `forAbsent`: by two persons on site, because the one who set it was away. */
  "barrier.lock-out-cleared": {
    readonly barrier: string;
    readonly by: readonly string[];
    readonly setBy: string;
    readonly forAbsent: boolean;
    readonly reason: string;
    readonly at: Stamp;
  };
  "barrier.tried": { readonly barrier: string; readonly result: DriveRunResult };
  "barrier.checked": {
    readonly barrier: string;
    readonly by: string;
    readonly checks: readonly CheckResult[];
    readonly at: Stamp;
  };
}
