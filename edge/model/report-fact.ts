// Facts about commissioning: what people tested and signed, the trial run, and the inventory.
import type { Stamp } from "./time.js";
import type { ReportSignature } from "./trial.js";

export interface ReportFactMap {
  "report.signed": Omit<ReportSignature, "order">;
  "trial.started": {
    readonly report: string;
    readonly by: readonly string[];
    readonly at: Stamp;
    readonly until: Stamp;
  };
  /** Figures as they were counted until then. */
  "trial.ended": {
    readonly report: string;
    readonly at: Stamp;
    readonly alarms: number;
    readonly falseAlarms: number;
    readonly faults: number;
    readonly missed: number;
    readonly availability: number;
  };
  /** A person entered the result of a check by hand. */
  "test.noted": {
    readonly kind: string;
    readonly target: string;
    readonly result: string;
    readonly measuredMs: number | null;
    readonly note: string;
    readonly by: string;
  };
  /** `devices`: the first of those whose details changed; `count`: of all. */
  "inventory.changed": { readonly by: string; readonly devices: readonly string[]; readonly count: number };
  /** Maintenance of a device was accepted. */
  "device.serviced": { readonly device: string; readonly by: string; readonly at: Stamp };
}
