// Rules that a sound file can still break: life before security, silence noticed in time, nothing plain beyond loopback. One file per subject in rules/.
import type { EdgeConfig } from "../edge/model/site.js";
import { channelFindings, fallbackFindings, postureFindings } from "./rules/answers.js";
import { bareFindings, confirmationFindings, entryFindings, soundingFindings } from "./rules/arming.js";
import { alarmFindings, sealFindings } from "./rules/deadlines.js";
import { emergencyDriveFindings, emergencyFindings, oneLoopFindings } from "./rules/emergency.js";
import { exposureFindings, opcuaFindings, reserveFindings } from "./rules/exposure.js";
import { failSafeFindings } from "./rules/fail-safe.js";
import { fireFindings, releaseFindings } from "./rules/fire.js";
import { gasFindings } from "./rules/gas.js";
import { panelInputFindings, panelKeyFindings } from "./rules/panel.js";
import { keepFreeFindings, passageFindings } from "./rules/passages.js";
import { walkTestFindings } from "./rules/walk-test.js";
import { controlLossFindings, interlockFindings, silenceFindings, unansweredFindings } from "./rules/watch.js";
import type { Finding, Path } from "./trouble.js";

const rules: readonly ((edge: EdgeConfig) => readonly Finding[])[] = [
  keepFreeFindings,
  passageFindings,
  fireFindings,
  releaseFindings,
  gasFindings,
  emergencyFindings,
  emergencyDriveFindings,
  oneLoopFindings,
  entryFindings,
  confirmationFindings,
  soundingFindings,
  bareFindings,
  fallbackFindings,
  channelFindings,
  postureFindings,
  silenceFindings,
  unansweredFindings,
  alarmFindings,
  sealFindings,
  interlockFindings,
  controlLossFindings,
  exposureFindings,
  opcuaFindings,
  reserveFindings,
  failSafeFindings,
  panelInputFindings,
  panelKeyFindings,
  walkTestFindings,
];

/** Findings of code `config.safety`; some are warnings only. */
export function safetyFindings(edge: EdgeConfig, base: Path): Finding[] {
  return rules.flatMap((rule) => rule(edge)).map((finding) => ({ ...finding, path: [...base, ...finding.path] }));
}
