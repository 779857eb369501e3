// The domain's words for people, in both languages: what happens and what is done about it. Kinds and levels stand in kinds.ts.
import type { ActKind, ObstacleReason, Role, WorkOrderMove } from "../edge/model/command.js";
import type { BarrierState, WorkOrderState, ZoneOut, ZoneState } from "../edge/model/durable.js";
import type { Cause, DetectionKind, IncidentKind, Reason, StepAction, StepOutcome } from "../edge/model/incident.js";
import type { Verdict } from "../edge/model/state.js";
import type { Text } from "../edge/model/text.js";
import type { WorkOrderCause } from "../edge/model/work-order.js";

/** A text for every word of a closed list; the compiler refuses a missing one. */
export type Words<K extends string | number> = Readonly<Record<K, Text>>;
const t = (zh: string, en: string): Text => ({ zh, en });

export const causeTexts: Words<Cause> = {
  "door-opened": t("门被打开", "Door opened"),
  "beam-blocked": t("红外对射被遮断", "Beam blocked"),
  "motion-seen": t("探测到人员移动", "Motion seen"),
  "fibre-cut": t("剪切围栏", "Fence cut"),
  "fibre-climb": t("攀爬围栏", "Fence climbed"),
  "fibre-alarm": t("振动光纤报警", "Fibre alarm"),
  "fibre-broken": t("振动光纤断纤", "Fibre broken"),
  "panic-pressed": t("一键报警按下", "Panic button pressed"),
  "fire-signalled": t("消防报警信号", "Fire signalled"),
  "vehicle-rush": t("车辆冲卡", "Vehicle rush"),
  "pedestrian-rush": t("人员冲卡", "Pedestrian rush"),
  "passed-inward": t("向内穿越", "Passed inward"),
  "passed-outward": t("向外穿越", "Passed outward"),
  "vehicle-present": t("车辆停留", "Vehicle present"),
  "lane-blocked": t("消防通道被占用", "Fire lane blocked"),
  "video-event": t("视频分析报警", "Video analyser event"),
  "door-forced": t("门被强行打开", "Door forced"),
  "door-held-open": t("门开启超时", "Door held open"),
  tailgating: t("尾随进入", "Tailgating"),
  "supply-failed": t("电源故障", "Supply failed"),
  "leak-found": t("漏水", "Leak found"),
  "too-high": t("超过上限", "Too high"),
  "too-low": t("低于下限", "Too low"),
  duress: t("被胁迫操作", "Duress"),
  masked: t("探测器被遮挡", "Detector masked"),
  "loop-cut": t("回路开路（断线）", "Line cut"),
  "loop-short": t("回路短路", "Line shorted"),
  "loop-out-of-range": t("回路阻值异常", "Line out of range"),
  tampered: t("设备被拆动", "Tampered with"),
  silent: t("设备无响应", "Silent"),
  "signal-lost": t("信号丢失", "Signal lost"),
  "changed-while-away": t("停机期间状态改变", "Changed while the box was away"),
};

export const detectionKindTexts: Words<DetectionKind> = {
  breach: t("报警", "Alarm"),
  tamper: t("防拆", "Tamper"),
  unguarded: t("失守", "Unguarded"),
  fault: t("故障", "Fault"),
};

export const reasonTexts: Words<Reason> = {
  "vehicle-on-loop": t("地感线圈上有车辆", "Vehicle on the loop"),
  "interlock-not-good": t("联锁信号不可信，按占用处理", "Interlock not good, counts as occupied"),
  obstructed: t("运行受阻", "Obstructed"),
  jammed: t("卡死，未到位", "Jammed"),
  "power-lost": t("驱动断电", "Drive without power"),
  "locked-out": t("检修锁定", "Locked out for work"),
  manual: t("手动状态", "In manual operation"),
  "drive-fault": t("驱动故障", "Drive fault"),
  "contact-unknown": t("位置触点状态不明", "Position contact unknown"),
  "output-not-confirmed": t("输出未确认", "Output not confirmed"),
  "waiting-for-fresh-inputs": t("等待输入信号刷新", "Waiting for fresh inputs"),
  fire: t("火警，生命优先", "Fire, life first"),
  "stood-down": t("封锁已解除", "Stood down"),
  "too-slow": t("动作过慢", "Too slow"),
  "overdue-after-restart": t("重启后已超时", "Overdue after restart"),
  "not-delivered": t("通知未送达", "Not delivered"),
  "not-reported": t("未收到人员报告", "Not reported"),
};

export const workOrderCauseTexts: Words<WorkOrderCause> = {
  ...causeTexts,
  ...reasonTexts,
  "storage-full": t("日志存储空间不足", "No room for records"),
  "storage-lost": t("日志存储无法写入", "Records cannot be stored"),
  review: t("放行待复核", "Pass to be reviewed"),
  "maintenance-due": t("维护保养到期", "Maintenance due"),
  "calibration-due": t("校验到期", "Calibration due"),
  "walk-test-due": t("步行测试到期", "Walk test due"),
  "slower-than-proved": t("慢于时限核算", "Slower than proved"),
};

/** What stands against an order: "cannot arm because ...". */
export const obstacleTexts: Words<ObstacleReason> = {
  ...causeTexts,
  ...reasonTexts,
  "not-normal": t("未恢复正常", "Not normal"),
  "not-seen": t("启动后尚未收到信号", "Not seen since the start"),
  "still-latched": t("报警尚未复位", "Alarm not reset yet"),
  "driver-lost": t("现场设备断开", "Field device lost"),
  "supply-not-good": t("供电异常", "Supply not good"),
  "sounder-not-good": t("警号异常", "Sounder not good"),
  isolated: t("已隔离", "Isolated"),
  "steps-open": t("处置步骤尚未完成", "Steps still open"),
  "lock-down-stands": t("封锁尚未解除", "Lock-down stands"),
  "work-order-open": t("工单未结", "Work order open"),
  "clock-untrusted": t("时钟不可信", "Clock not trusted"),
  "area-armed": t("区域已布防，先撤防", "Area armed, disarm it first"),
  "run-under-way": t("已有试运行", "A run is under way"),
  "there-already": t("已在该位置", "Is there already"),
  "no-stop-output": t("驱动没有停止输出", "Drive has no output that stops it"),
  "no-emergency-drive": t("没有应急快速关闭", "No fast emergency operation"),
  "kept-free": t("疏散或消防通道，不得关闭", "Emergency exit or fire lane, must stay free"),
};

export const barrierStateTexts: Words<BarrierState> = {
  unknown: t("状态不明", "Unknown"),
  open: t("开启（放行）", "Open"),
  closing: t("正在关闭", "Closing"),
  closed: t("关闭到位（阻车）", "Closed"),
  opening: t("正在开启", "Opening"),
  obstructed: t("受阻", "Obstructed"),
  inhibited: t("联锁禁止", "Inhibited"),
  "locked-out": t("检修锁定", "Locked out"),
  fault: t("故障", "Fault"),
  manual: t("手动", "Manual"),
  "power-lost": t("断电", "Power lost"),
};

export const zoneStateTexts: Words<ZoneState> = {
  unknown: t("状态不明", "Unknown"),
  normal: t("正常", "Normal"),
  active: t("活动", "Active"),
  breached: t("报警", "Alarm"),
  tampered: t("防拆报警", "Tamper"),
  unguarded: t("失守（无信号）", "Unguarded"),
  fault: t("故障", "Fault"),
};

export const zoneOutTexts: Words<ZoneOut["how"]> = {
  isolated: t("隔离", "Isolated"),
  inhibited: t("旁路", "Inhibited"),
  repair: t("停用检修", "Out for repair"),
};

export const incidentKindTexts: Words<IncidentKind> = {
  intrusion: t("入侵", "Intrusion"),
  panic: t("紧急报警", "Panic alarm"),
  "hold-up": t("劫持（无声）", "Hold-up (silent)"),
  fire: t("火警", "Fire"),
  rush: t("冲卡", "Rush"),
  power: t("电源故障", "Power failure"),
  utility: t("水电与环境", "Utilities and climate"),
  obstruction: t("通道占用", "Obstruction"),
  "lock-down": t("封锁", "Lock-down"),
  posture: t("非常态响应", "Posture"),
  risk: t("风险响应", "Risk response"),
  unguarded: t("防区失守", "Zone unguarded"),
  unexplained: t("原因不明", "Unexplained"),
};

export const outcomeTexts: Words<StepOutcome> = {
  open: t("进行中", "Under way"),
  met: t("按时完成", "Met"),
  missed: t("超时", "Missed"),
  inhibited: t("已禁止", "Inhibited"),
};

export const actionTexts: Words<StepAction["kind"]> = {
  announce: t("声光报警", "Sound and light"),
  close: t("关闭阻车设施", "Close barrier"),
  release: t("消防释放", "Release on fire"),
  notify: t("对外通知", "Notify"),
  report: t("人员报告", "Report by a person"),
  switch: t("接通输出", "Switch an output"),
};

export const roleTexts: Words<Role> = {
  operator: t("值班员", "Operator"),
  supervisor: t("值班长", "Supervisor"),
  technician: t("维护人员", "Technician"),
  administrator: t("管理员", "Administrator"),
};

export const actTexts: Words<ActKind> = {
  "lock-down": t("封锁", "Lock down"),
  "stand-down": t("解除封锁", "Stand down"),
  acknowledge: t("确认", "Acknowledge"),
  silence: t("消音", "Silence"),
  reset: t("复位", "Reset"),
  arm: t("布防", "Arm"),
  disarm: t("撤防", "Disarm"),
  isolate: t("隔离防区", "Isolate zone"),
  inhibit: t("旁路防区", "Inhibit zone"),
  reinstate: t("恢复防区", "Reinstate zone"),
  "take-out-for-repair": t("停用检修", "Take out for repair"),
  "set-posture": t("设置非常态等级", "Set posture"),
  "declare-risk": t("发布风险等级", "Declare risk"),
  "let-pass": t("放行应急车辆", "Let an emergency vehicle pass"),
  open: t("开启阻车设施", "Open barrier"),
  report: t("报告完成", "Report as done"),
  "work-order": t("处理工单", "Handle work order"),
  "duty-done": t("登记例行工作完成", "Duty done"),
  "self-test": t("自检", "Self-test"),
  "start-drill": t("开始演练", "Start drill"),
  "end-drill": t("结束演练", "End drill"),
  "start-walk-test": t("开始步行测试", "Start walk test"),
  "end-walk-test": t("结束步行测试", "End walk test"),
  "lock-out": t("检修锁定", "Lock out"),
  "clear-lock-out": t("解除检修锁定", "Clear lock-out"),
  "test-run": t("试动作", "Test run"),
  "hold-run": t("点动", "Hold to run"),
  "end-run": t("停止运行", "Stop the run"),
  "test-annunciator": t("声光报警试响", "Test annunciator"),
};

export const workOrderStateTexts: Words<WorkOrderState> = {
  open: t("待处理", "Open"),
  assigned: t("已派单", "Assigned"),
  fixed: t("已修复", "Fixed"),
  verified: t("已验收", "Verified"),
};

export const workOrderMoveTexts: Words<WorkOrderMove> = {
  assigned: t("派单", "Assign"),
  fixed: t("报告修复", "Report fixed"),
  verified: t("验收", "Verify"),
};

/** The rule that applied when a zone's samples were judged; the answer to "why no alarm?". */
export const verdictTexts: Words<Verdict> = {
  "nothing-seen": t("未见活动", "Nothing seen"),
  alarm: t("已报警", "Alarm raised"),
  "pre-alarm": t("已预警，等待其他防区确认", "Pre-alarm, waiting for a partner to confirm"),
  "entry-time": t("进入延时中", "Entry time running"),
  "filter-not-passed": t("持续时间不足，未通过滤波", "Too short, filter not passed"),
  "below-threshold": t("低于阈值", "Below the threshold"),
  "too-few-events": t("窗口内事件次数不足", "Too few events in the window"),
  "dead-time": t("处于屏蔽时间内", "Within the mask time"),
  learning: t("基线学习中", "Baseline being learned"),
  "wrong-order": t("触发顺序不符", "Wrong order"),
  "lane-not-barred": t("车道处于放行状态", "Lane is open to traffic"),
  "within-limits": t("在限值之内", "Within limits"),
  granted: t("已授权通行", "Passage was granted"),
  "not-armed": t("区域未布防", "Area not armed"),
  isolated: t("防区已隔离", "Zone isolated"),
  inhibited: t("防区已旁路", "Zone inhibited"),
  "out-for-repair": t("防区停用检修中", "Zone out for repair"),
  "walk-test": t("步行测试中", "Walk test under way"),
  "known-already": t("同一报警已存在", "Known already"),
  "quality-not-good": t("信号质量不良", "Signal quality not good"),
  "older-than-last": t("早于上一个采样，按历史处理", "Older than the last sample, kept as history"),
};
