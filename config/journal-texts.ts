// What is said of lines of the journal that are whole and yet no record, and of what is missing from it. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const journalTexts = {
  "journal.unreadable": say(
    [
      "日志中有一行校验和正确但不是 JSON；已隔离并原样保留。",
      "A line of the journal has a good checksum and is no JSON; it was set aside and kept as it is.",
    ],
    [
      "不是磁盘损坏，而是其他程序写入；保全数据目录并调查是谁写入的。",
      "No disk did this, some program wrote it: preserve the data folder and find out which.",
    ],
  ),
  "journal.misshapen": say(
    [
      "日志中有一处内容形式不符，不是记录；已隔离并原样保留，其余照常读取。",
      "Something in the journal has not the shape that it must have; it was set aside and kept as it is, the rest is read.",
    ],
    [
      "若刚从新版本退回旧版本，请升级；否则保全数据目录，用 journal verify 核对并调查。",
      "If an older version took over from a newer one, upgrade; else preserve the folder, run journal verify and investigate.",
    ],
  ),
  "journal.oversize": say(
    [
      "日志中有一处内容过大或嵌套过深，未予读取；已隔离并原样保留。",
      "Something in the journal is too large or nested too deeply to be read; it was set aside and kept as it is.",
    ],
    [
      "主机自身不会写出这样的内容；保全数据目录并调查是谁写入的。",
      "A box writes nothing like it: preserve the data folder and find out who did.",
    ],
  ),
  "journal.beginning-cut": say(
    [
      "日志开头缺失，且没有任何记录说明其已按规定删除。",
      "The journal's beginning is missing, and no record tells that the box let it go.",
    ],
    [
      "可能有人删除了日志文件；保全数据目录，从平台取回缺失的记录并调查。",
      "Somebody may have deleted files: preserve the folder, take the missing records from the hub and investigate.",
    ],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
