// What is said of guided tests. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const testTexts = {
  "test.not-accepted": say(
    ["此测试会引起真实动作，须先确认。", "This test has real effects, which must be accepted first."],
    [
      "阅读将要发生的动作，通知相关人员，然后确认（命令行加 --accept）。",
      "Read what will happen, tell those concerned, then accept it (--accept on the command line).",
    ],
  ),
  "test.busy": say(
    ["另一项逐项测试正在进行。", "Another guided test is under way."],
    ["等它完成，或先中止它。", "Wait until it is done, or stop it first."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
