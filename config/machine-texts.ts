// What is said where the machine or its operating system stands in the way. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const machineTexts = {
  "machine.folder-in-use": say(
    ["数据目录正被另一进程使用。", "Another process uses this data folder."],
    [
      "先停止该进程；每个数据目录只能运行一个主机或平台。",
      "End that process first; one box or hub runs per data folder.",
    ],
  ),
  "machine.refused": say(
    [
      "操作系统拒绝了对所指文件、目录或地址的操作。",
      "The operating system refused what was to be done with this file, folder or address.",
    ],
    [
      "检查路径是否存在、属主和权限、磁盘空间，以及地址是否已被占用。",
      "Check that the path exists, its owner and mode, room on the disk, and that the address is free.",
    ],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
