// What is said while a spare box takes a dead one's place. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const replacementTexts = {
  "keys.code-other-use": say(
    ["登记码用途不符；该码未被使用。", "This code is for the other kind of enrolment; it has not been used up."],
    [
      "更换码用于 portcullis replace，登记码用于 portcullis keys enrol。",
      "A replacement code is for portcullis replace, an enrolment code for portcullis keys enrol.",
    ],
  ),
  "replace.folder-not-empty": say(
    ["数据目录不为空，未作任何更改。", "The data folder is not empty; nothing was changed."],
    [
      "换用空目录；或加 --set-aside，把原有内容移入 before-replacement-N 后再更换。",
      "Name an empty one, or add --set-aside: what lies there is moved into before-replacement-N first.",
    ],
  ),
  "replace.unfinished": say(
    [
      "该目录的主机更换尚未完成，主机不启动。",
      "The replacement of this box is not finished; it does not start like this.",
    ],
    [
      "再次执行同一条 portcullis replace 命令；已取得的数据不会重复下载。",
      "Run the same portcullis replace again; what has come already is not asked for twice.",
    ],
  ),
  "replace.nothing-kept": say(
    ["平台没有该主机的配置文本。", "The hub has no configuration of this box."],
    [
      "再次执行同一命令并加 --config 文件；其余状态照常恢复。",
      "Run the same command again with --config FILE; everything else is restored as far as the hub has it.",
    ],
  ),
  "replace.damaged": say(
    ["平台返回的数据不完整或不属于该主机。", "What the hub gave back is not whole, or of another box."],
    [
      "检查平台版本和站点、主机标识；必要时用 --config 给出配置文件。",
      "Check the hub's version and the names of site and box; give the configuration with --config where need be.",
    ],
  ),
} satisfies Partial<Readonly<Record<ErrorCode, ErrorText>>>;
