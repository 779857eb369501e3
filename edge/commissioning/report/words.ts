// Words of the commissioning report, for its sheet and its page, in both languages.
import { annunciatorKindTexts, barrierKindTexts, zoneKindTexts } from "../../../config/kinds.js";
import { workOrderCauseTexts, zoneOutTexts } from "../../../config/words.js";
import type { Language, Text } from "../../model/text.js";
import type { ClockTrust } from "../../model/time.js";
import { failTexts, seenTexts, tellingTexts } from "../guided/texts.js";
import { testKinds } from "../tests-book.js";
import type { OpenPoint, TrialView, Verdict } from "./report.js";

const t = (zh: string, en: string): Text => ({ zh, en });

export const reportWords = {
  title: t("调试验收报告", "Commissioning report"),
  about: t("系统与版本", "System and versions"),
  site: t("站点 / 主机", "Site / box"),
  name: t("名称", "Name"),
  version: t("程序版本", "Firmware version"),
  configuration: t("配置版本 / 哈希", "Configuration revision / hash"),
  madeAt: t("生成时间", "Made at"),
  timesIn: t("时间均为", "Times in"),
  key: t("主机密钥", "Key of the box"),
  unsigned: t("未签名：主机没有密钥", "not signed: the box has no key"),
  contentHash: t("内容哈希", "Hash of the content"),
  verdict: t("结论", "Result"),
  signatures: t("签名", "Signatures"),
  person: t("姓名", "Name"),
  role: t("角色 / 代表", "Role / on behalf of"),
  time: t("时间", "Time"),
  state: t("状态", "State"),
  valid: t("有效", "valid"),
  void: t("已失效：签名后内容有变化", "void: the content has changed since"),
  openWhenSigned: t("签名时未决事项", "Open points when signed"),
  noSignature: t("尚无人签名；需两名不同人员签名。", "Nobody has signed yet; two different people must."),
  oneMore: t("还需另一名人员签名。", "One more person must sign."),
  signed: t("两名人员已签名。", "Signed by two people."),
  byHand: t("手写签字 / 盖章", "Signature by hand / seal"),
  zones: t("防区测试", "Zones"),
  zone: t("防区", "Zone"),
  hits: t("触发次数", "Triggers"),
  barriers: t("阻车设施测试", "Barriers"),
  barrier: t("阻车设施", "Barrier"),
  runs: t("动作次数", "Runs"),
  worst: t("最慢", "Slowest"),
  limit: t("时限", "Limit"),
  proved: t("证明最坏值", "Proved worst case"),
  term: t("单程预算", "Term of one run"),
  by: t("测试人 / 时间", "By / at"),
  emergency: t("紧急", "emergency"),
  checks: t("检查项目", "Checks"),
  check: t("项目", "Check"),
  target: t("对象", "Of"),
  note: t("备注", "Note"),
  proof: t("时限证明", "Timing proof"),
  step: t("响应步骤", "Step of a response"),
  total: t("最坏情况", "Worst case"),
  accepted: t("偏差接受", "accepted as deviation"),
  inTime: t("满足", "in time"),
  late: t("超时", "too late"),
  deviations: t("偏差", "Deviations"),
  reason: t("理由", "Reason"),
  signedBy: t("签署人", "Signed by"),
  noDeviations: t("无偏差。", "None."),
  openPoints: t("未决事项", "Open points"),
  noOpenPoints: t("无未决事项。", "None."),
  what: t("事项", "What"),
  since: t("起始", "Since"),
  detail: t("说明", "Detail"),
  trial: t("试运行（30 天）", "Trial run (30 days)"),
  noTrial: t("两人签名后开始。", "Begins when two people have signed."),
  ofOther: t(
    "属于此前签名的内容，现内容签名后重新开始。",
    "Of a content that was signed before; it begins anew when this one is signed.",
  ),
  period: t("起止", "From / to"),
  daysLeft: t("剩余天数", "Days left"),
  alarms: t("报警次数", "Alarms"),
  falseAlarms: t("其中误报", "Of them false"),
  faults: t("故障次数", "Faults"),
  missed: t("超时步骤", "Missed deadlines"),
  availability: t("可用率", "Availability"),
  result: t("结果", "Result"),
  verify: t("核对", "To verify"),
  nothing: t("无。", "None."),
} as const satisfies Readonly<Record<string, Text>>;

export const verdictWords: Readonly<Record<Verdict, Text>> = {
  passed: t("合格", "passed"),
  failed: t("不合格", "failed"),
  open: t("未完成", "open"),
};

export const trialWords: Readonly<Record<TrialView["result"], Text>> = {
  running: t("进行中", "running"),
  clean: t("结束，无超时、无未决故障", "over: no deadline missed, no fault open"),
  "with-findings": t("结束，有待处理问题", "over, with findings"),
};

export const openPointWords: Readonly<Record<OpenPoint["what"], Text>> = {
  untested: t("未测试", "Not tested enough"),
  "test-failed": t("测试不合格", "Test failed"),
  "slower-than-proved": t("慢于时限证明", "Slower than the proof says"),
  "work-order": t("未结工单", "Open work order"),
  fault: t("故障", "Fault"),
  "duty-overdue": t("例行工作逾期", "Duty overdue"),
  "zone-out": t("防区停用", "Zone out"),
  "maintenance-due": t("维护到期", "Maintenance due"),
};

export const clockWords: Readonly<Record<ClockTrust, Text>> = {
  "never-set": t("未校时", "never set"),
  holdover: t("自守时", "kept by the box alone"),
  synchronised: t("已同步", "synchronised"),
};

const testWords: Readonly<Record<(typeof testKinds)[number], Text>> = {
  walk: t("步行测试", "Walk test"),
  guided: t("引导测试", "Guided test"),
  run: t("动作计时", "Timed run"),
  interlock: t("联锁", "Interlock"),
  siren: t("警号", "Siren"),
  "fail-open": t("失效开启", "Fails open"),
  "fail-closed": t("失效保持", "Fails closed"),
};

/** A kind of a later version is shown as it came. */
export function testText(kind: string, language: Language): string {
  const known = testKinds.find((each) => each === kind);
  return known === undefined ? kind : testWords[known][language];
}

export function kindWord(kind: string, language: Language): string {
  const tables: Readonly<Record<string, Text>> = { ...zoneKindTexts, ...barrierKindTexts, ...annunciatorKindTexts };
  return tables[kind]?.[language] ?? kind;
}

/** A number of a work order, a cause or a way to be out, in the reader's words where there are any. */
export function detailText({ detail }: Pick<OpenPoint, "detail">, language: Language): string {
  const tables: Readonly<Record<string, Text>> = { ...testWords, ...workOrderCauseTexts, ...zoneOutTexts };
  return detail
    .split(" ")
    .map((word) => tables[word]?.[language] ?? word)
    .join(" ");
}

/** What a guided test found instead, in the reader's words; what a person wrote stays as it is. */
export function noteText({ kind, note }: { readonly kind: string; readonly note: string }, language: Language): string {
  const [reason = "", instead = ""] = note.split("/");
  const found = (failTexts as Readonly<Record<string, Text>>)[reason];
  if (found === undefined || (kind !== "guided" && kind !== "siren")) return note;
  const shown: Readonly<Record<string, Text>> = { ...tellingTexts, ...seenTexts };
  return instead === "" ? found[language] : `${found[language]} (${shown[instead]?.[language] ?? instead})`;
}

export function secondsText(ms: number | null): string {
  return ms === null ? "—" : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)}\u00a0s`;
}

/** In the time zone that the report names; what is no time is a dash. */
export function momentText(iso: string, timeZone: string): string {
  const at = Date.parse(iso);
  if (Number.isNaN(at)) return "—";
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}
