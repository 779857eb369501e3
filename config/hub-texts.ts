// What is said of a hub's outlets and backups. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const hubTexts = {
  "outlet.secret-unusable": say(
    [
      "出口的密钥缺失或无法使用；其他出口不受影响。",
      "The secret of an outlet is missing or cannot be used; other outlets go on.",
    ],
    [
      "在 outlets/secrets.json 中按出口名称写入密钥（文件权限 0600），然后重启平台。",
      "Write the secret under the outlet's name into outlets/secrets.json (mode 0600) and restart the hub.",
    ],
  ),
  "backup.unusable": say(
    ["备份或目标目录不可用。", "The backup or its target folder cannot be used."],
    [
      "备份目录须由 portcullis backup 生成；恢复的目标目录须为空。",
      "Name a folder that portcullis backup has made, and an empty target folder.",
    ],
  ),
  "backup.damaged": say(
    ["备份中的文件缺失或已改变。", "A file of the backup is missing or has changed."],
    ["改用另一份备份；未做任何更改。", "Use another backup; nothing was changed."],
  ),
} as const satisfies Partial<Record<ErrorCode, ErrorText>>;
