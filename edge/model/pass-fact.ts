// Facts about a held lane that one guard opens for an emergency vehicle, and the work order by which somebody else looks at it afterwards.
import type { Pass } from "./durable.js";
import type { AlarmMark } from "./hub-fact.js";
import type { Stamp } from "./time.js";

export interface PassFactMap {
  /** A held lane is open for an emergency vehicle; to be reviewed. */
  "lane.opened": {
    readonly alarm: AlarmMark;
    readonly barrier: string;
    readonly by: string;
    readonly reason: string;
    readonly incident: string;
    readonly until: Stamp;
  };
  "lane.closed": {
    readonly barrier: string;
    readonly by: string;
    readonly alarms: readonly string[];
    /** Absent in records of older versions. */
    readonly at?: Stamp;
  };
  /** `pass`: what a review looks at. */
  "workorder.opened": {
    readonly number: string;
    readonly device: string;
    readonly cause: string;
    readonly at: Stamp;
    readonly pass?: Pass;
  };
}
