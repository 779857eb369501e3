// Facts of commissioning and upkeep: drives, recordings, reports, tests.
import type { DriveFactMap } from "./drive-fact.js";
import type { RecordingFactMap } from "./recording-fact.js";
import type { ReportFactMap } from "./report-fact.js";
import type { TestFactMap } from "./test-fact.js";

export interface CommissioningFactMap extends DriveFactMap, RecordingFactMap, ReportFactMap, TestFactMap {}
