// What is said when settings are changed at the box itself. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const settingsTexts = {
  "settings.busy": say(
    ["另一份配置正在等待主机采用。", "Another configuration waits to be taken by the box."],
    ["几秒后重新读取设置，再修改一次。", "Read the settings again in a few seconds, then change them."],
  ),
  "settings.no-revision": say(
    ["主机没有保存这个版本。", "The box does not keep this revision."],
    ["用 commission settings history 查看可恢复的版本。", "Look at commission settings history for those it keeps."],
  ),
  "settings.stale": say(
    ["设置在此期间已被他人修改。", "Somebody has changed the settings meanwhile."],
    ["重新读取设置，看过对方的修改后再决定。", "Read the settings again, look at what was changed, then decide anew."],
  ),
  "settings.unknown": say(
    ["没有这项可在现场修改的设置。", "There is no such setting that may be changed on site."],
    [
      "从设置列表中选择；地址、分组和处置须修改配置文件并用 portcullis apply 下发。",
      "Choose from the list of settings; addresses, groups and responses are changed in the site file, with portcullis apply.",
    ],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
