// What is said of the commissioning report and the inventory. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const reportTexts = {
  "report.changed": say(
    ["报告内容已变化，未签名。", "The report's content has changed; nothing was signed."],
    ["重新查看报告后再签名。", "Look at the report as it is now, then sign it."],
  ),
  "report.altered": say(
    ["报告与主机签名不符，不可作为依据。", "The report does not agree with the box's signature; it proves nothing."],
    ["从主机重新导出报告，并核对公钥。", "Export it from the box again, and check that the public key is that box's."],
  ),
  "inventory.csv-invalid": say(
    ["台账表格有误，未导入任何内容。", "The inventory's table has an error; nothing was taken."],
    [
      "改正所指的行和列后重新导入；请另存为“CSV UTF-8”。",
      "Mend the line and column that are named and import it again; save it as CSV UTF-8.",
    ],
  ),
  "inventory.value-unfit": say(
    ["台账内容不符合要求，未保存。", "A value cannot stand in the inventory; nothing was saved."],
    ["改正所指的项目。", "Correct what is named."],
  ),
  "inventory.device-unknown": say(
    ["配置中没有该设备，未保存。", "The configuration has no such device; nothing was saved."],
    ["核对设备编号，或先更新配置。", "Check the device's id, or bring the configuration up to date first."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
