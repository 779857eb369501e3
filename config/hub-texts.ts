// What is said of a hub's outlets. Part of the catalogue in texts.ts.
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
} as const satisfies Partial<Record<ErrorCode, ErrorText>>;
