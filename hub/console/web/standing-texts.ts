// Sentences of the page about postures, zones that are out, work orders, rounds and exercises, in both languages.
import type { StepOutcome } from "../../../edge/model/incident.js";
import type { Text } from "../../../edge/model/text.js";

export const standingTexts = {
  // posture and risk
  standing: { zh: "非常态等级与风险", en: "Posture and risk" },
  postureNow: { zh: "{word}", en: "Posture: {word}" },
  riskNow: { zh: "{word}", en: "Risk: {word}" },
  decreed: { zh: "{issuer} {reference}，{by}，{time} 起", en: "{issuer} {reference}, by {by}, since {time}" },
  ledBy: { zh: "带班领导 {leader}", en: "Leader on duty {leader}" },
  changePosture: { zh: "更改等级", en: "Change posture" },
  declareRisk: { zh: "发布风险", en: "Declare risk" },
  postureTitle: { zh: "更改非常态等级？", en: "Change the posture?" },
  postureBody: {
    zh: "等级逐级叠加：二级关闭非主要出入口，一级在主要出入口升起阻车设施并布防全部周界。",
    en: "Levels add up: level 2 closes the other entrances, level 1 raises obstacles at the main ones and arms the whole perimeter.",
  },
  riskTitle: { zh: "发布风险等级？", en: "Declare a risk?" },
  riskBody: { zh: "启动为该颜色配置的响应。", en: "Starts the responses that are configured for this colour." },
  level: { zh: "等级", en: "Level" },
  colour: { zh: "颜色", en: "Colour" },
  issuer: { zh: "发布单位", en: "Issued by" },
  reference: { zh: "文号", en: "Reference" },
  leader: { zh: "带班领导", en: "Leader on duty" },
  atBoxes: { zh: "适用主机", en: "For these boxes" },

  // zones and areas
  preAlarm: { zh: "预警：{cause}", en: "Pre-alarm: {cause}" },
  unsupervised: { zh: "线路无监测", en: "Line not supervised" },
  outBy: { zh: "{how}：{by}，{reason}", en: "{how} by {by}: {reason}" },
  outUntil: { zh: "至 {time}", en: "until {time}" },
  guardedBy: { zh: "替代值守 {guard}", en: "Guarded by {guard}" },
  takeOut: { zh: "停用", en: "Take out" },
  takeOutNamed: { zh: "停用：{zone}", en: "Take out: {zone}" },
  takeOutTitle: { zh: "停用防区“{zone}”？", en: "Take zone “{zone}” out?" },
  takeOutBody: { zh: "停用期间该防区不报警，由您负责。", en: "It raises no alarm while it is out, in your name." },
  how: { zh: "方式", en: "How" },
  inhibitHow: { zh: "旁路：至本次撤防", en: "Inhibit for this armed period" },
  isolateHow: { zh: "隔离：至人工恢复", en: "Isolate until put back" },
  isolateForHow: { zh: "隔离：限时", en: "Isolate for a time" },
  repairHow: { zh: "停用检修：须两人", en: "Take out for repair, two persons" },
  hours: { zh: "小时", en: "Hours" },
  substitute: { zh: "替代值守人员", en: "Guard who stands in" },
  reinstate: { zh: "恢复", en: "Put back" },
  reinstateNamed: { zh: "恢复：{zone}", en: "Put back: {zone}" },
  armingUntil: { zh: "退出延时，{time} 布防", en: "Exit time runs, armed at {time}" },
  entryUntil: { zh: "进入延时，{time} 报警", en: "Entry time runs, alarm at {time}" },
  armFailed: { zh: "未能布防（{by}）：", en: "Could not be armed ({by}):" },
  obstacle: { zh: "{name}：{text}", en: "{name}: {text}" },

  // lanes
  letPass: { zh: "放行应急车辆", en: "Let pass" },
  letPassNamed: { zh: "放行应急车辆：{barrier}", en: "Let pass an emergency vehicle: {barrier}" },
  letPassTitle: { zh: "通过“{barrier}”放行应急车辆？", en: "Let an emergency vehicle pass “{barrier}”?" },
  letPassBody: {
    zh: "仅开启此车道，其余保持封锁。会报警并事后复查。",
    en: "Opens this lane only; the others stay held. Raises an alarm and is reviewed later.",
  },
  minutes: { zh: "分钟", en: "Minutes" },
  passing: { zh: "放行中，至 {time}（{by}）", en: "Open for an emergency vehicle until {time} ({by})" },
  passes: { zh: "应急车辆放行与复核", en: "Emergency vehicles let pass" },
  passBy: { zh: "{by}：{reason}", en: "{by}: {reason}" },
  passOpen: { zh: "放行中", en: "Lane open" },
  passToReview: { zh: "待复核", en: "To be reviewed" },
  passReviewed: { zh: "已复核", en: "Reviewed" },
  passTime: { zh: "{from} 起，开启 {long}", en: "From {from}, open for {long}" },
  passStillOpen: { zh: "{from} 起，仍在开启", en: "From {from}, still open" },
  passReview: { zh: "复核（{by}，{time}）：{note}", en: "Review by {by}, {time}: {note}" },
  noRemark: { zh: "无备注", en: "no remark" },
  openLane: { zh: "开启", en: "Open" },
  openNamed: { zh: "开启：{barrier}", en: "Open: {barrier}" },
  openTitle: { zh: "开启“{barrier}”？", en: "Open “{barrier}”?" },
  openBody: { zh: "联锁和现场检修锁定仍然有效。", en: "Interlocks and lock-outs on site still apply." },

  // commands
  secondPerson: { zh: "请第二人批准", en: "Ask a second person" },
  secondPersonNamed: { zh: "请第二人批准：{what}", en: "Ask a second person: {what}" },

  // work orders
  orderSince: { zh: "{number}，{time} 起", en: "{number}, since {time}" },
  orderOverdue: { zh: "超时未报", en: "Overdue" },
  orderMoved: { zh: "{by}：{note}", en: "{by}: {note}" },
  orderTitle: { zh: "工单 {number}：{move}", en: "Work order {number}: {move}" },
  orderBody: { zh: "{device}，{cause}", en: "{device}, {cause}" },
  orderNamed: { zh: "{move}：{number}", en: "{move}: {number}" },
  note: { zh: "备注", en: "Note" },

  // rounds
  duties: { zh: "例行工作", en: "Rounds and upkeep" },
  dueAt: { zh: "应于 {time} 前完成", en: "Due by {time}" },
  lastDone: { zh: "上次 {time}，{by}", en: "Last {time}, {by}" },
  dutyMissed: { zh: "逾期", en: "Missed" },
  dutyOnTime: { zh: "按期", en: "On time" },
  dutyDone: { zh: "登记完成", en: "Done" },
  dutyDoneNamed: { zh: "登记完成：{duty}", en: "Done: {duty}" },
  dutyTitle: { zh: "“{duty}”已完成？", en: "“{duty}” is done?" },
  dutyBody: { zh: "以您的名义登记，写入不可更改的记录。", en: "Recorded in your name; a record is never changed." },
  reportDone: { zh: "报告完成", en: "Report as done" },
  reportNamed: { zh: "报告完成：{task}", en: "Report as done: {task}" },

  // self-test and deviations
  selfTest: { zh: "自检", en: "Self-test" },
  selfTested: { zh: "自检 {time}，可用率 {share}", en: "Self-test {time}, availability {share}" },
  deviations: { zh: "已接受的偏差", en: "Accepted deviations" },
  deviation: { zh: "{step}：{target} 最长 {worst}", en: "{step}: {target} at worst {worst}" },
  signed: { zh: "{reason}，签字：{names}", en: "{reason}, signed by {names}" },

  // exercises
  drillRuns: { zh: "演练", en: "EXERCISE" },
  drillDetail: {
    zh: "“{drill}”，{box}，{by}，至 {time}。只有所列防区触发的报警属于演练：{zones}",
    en: "“{drill}” at {box}, {by}, until {time}. Only what these zones cause is exercise: {zones}",
  },
  drillSuspended: { zh: "演练已中止：真实报警", en: "Exercise suspended: a real alarm" },
  drillSuspendedDetail: {
    zh: "{zone}。此后的一切都是真实的。",
    en: "{zone}. Everything from now on is real.",
  },
  exercises: { zh: "演练与测试", en: "Exercises and tests" },
  startDrill: { zh: "开始演练", en: "Start a drill" },
  endDrill: { zh: "结束演练", en: "End the drill" },
  drillTitle: { zh: "在“{box}”开始演练？", en: "Start a drill at “{box}”?" },
  drillBody: {
    zh: "报警、警号和阻车设施真实动作，只标记为演练。未勾选的防区报警视为真实并中止演练。",
    en: "Sirens and barriers really act, marked as exercise. An alarm of any other zone is real and suspends the drill.",
  },
  drillName: { zh: "演练名称", en: "Name of the drill" },
  startWalkTest: { zh: "开始步行测试", en: "Start a walk test" },
  endWalkTest: { zh: "结束步行测试", en: "End the walk test" },
  walkTestTitle: { zh: "在“{box}”开始步行测试？", en: "Start a walk test at “{box}”?" },
  walkTestBody: {
    zh: "勾选的防区在测试期间只记录触发，不报警。",
    en: "The ticked zones only note their triggers and raise no alarm.",
  },
  walkTestRuns: { zh: "步行测试：{n}/{all} 已触发，至 {time}", en: "Walk test: {n} of {all} triggered, until {time}" },
  walkTestLeft: { zh: "尚未触发：{zones}", en: "Still to trigger: {zones}" },
  zones: { zh: "防区", en: "Zones" },
  zoneTested: { zh: "步行测试 {time}：触发到判定 {judged}", en: "Walk test {time}: sensor to alarm {judged}" },
  zoneHeard: { zh: "到警号鸣响 {heard}", en: "to the sounder {heard}" },
  walkTimes: { zh: "最近步行测试的时间", en: "Times of the last walk tests" },
  walkTime: { zh: "{zone}：{judged}", en: "{zone}: {judged}" },
} as const satisfies Readonly<Record<string, Text>>;

/** What became of a notification, by its step's outcome. */
export const deliveryTexts: Readonly<Record<StepOutcome, Text>> = {
  open: { zh: "发送中", en: "Being sent" },
  met: { zh: "已送达", en: "Delivered" },
  missed: { zh: "未按时送达", en: "Not delivered in time" },
  inhibited: { zh: "未发送", en: "Not sent" },
};
