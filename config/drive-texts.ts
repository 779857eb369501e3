// What is said of work on drives. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const driveTexts = {
  "drive.lock-out-unkept": say(
    [
      "检修锁定已生效，但未能写入磁盘，断电后将丢失。",
      "The lock-out holds now, but the disk did not take it: a power cut would undo it.",
    ],
    [
      "进入前切断并挂锁驱动电源，检查磁盘。",
      "Cut and padlock the drive's supply before anybody climbs in, and look at the disk.",
    ],
  ),
  "drive.hold-over": say(
    ["点动已结束，驱动已停止。", "The hold-to-run is over; the drive is stopped."],
    ["松开按钮后重新按住。", "Let go of the button and press it again."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
