// Facts of commissioning and upkeep: drives, recordings, reports, settings, tests.
import type { DriveFactMap } from "./drive-fact.js";
import type { RecordingFactMap } from "./recording-fact.js";
import type { ReportFactMap } from "./report-fact.js";
import type { SettingsFactMap } from "./settings-fact.js";
import type { TestFactMap } from "./test-fact.js";

export interface CommissioningFactMap
  extends DriveFactMap,
    RecordingFactMap,
    ReportFactMap,
    SettingsFactMap,
    TestFactMap {}
