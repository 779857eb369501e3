// What is said of the box's own people and their PINs. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const peopleTexts = {
  "people.none": say(
    ["本机还没有人员，无人可以登录。", "This box has no people yet, so nobody can log in."],
    [
      "在本机执行：portcullis commission people add 姓名 --role operator --data 目录。",
      "On the box: portcullis commission people add NAME --role operator --data DIR.",
    ],
  ),
  "people.unknown": say(
    ["本机没有此人员。", "The box knows nobody of this name."],
    ["用 portcullis commission people list 核对姓名。", "Look at portcullis commission people list."],
  ),
  "people.known": say(
    ["本机已有同名人员。", "The box has somebody of this name already."],
    ["换一个姓名，或用 people pin 更换口令。", "Take another name, or give a new PIN with people pin."],
  ),
  "people.name-unfit": say(
    ["姓名不可用。", "This name cannot be used."],
    [
      "使用 1 至 64 个字符，首尾无空格，不含控制字符。",
      "Use 1 to 64 characters, no space at either end, no control character.",
    ],
  ),
  "people.pin-unfit": say(
    ["口令过于简单或格式不对。", "This PIN is too simple or no PIN."],
    [
      "使用 6 至 12 位数字，不用连号、重复、日期或常见组合；胁迫口令须与口令不同。",
      "Use 6 to 12 digits, no run, no repetition, no date, none that everybody tries; the duress PIN must be another one.",
    ],
  ),
  "people.too-many": say(
    ["本机人员已达上限。", "The box has as many people as it takes."],
    ["先移除不再需要的人员。", "Remove somebody who is no longer needed first."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
