// The domain's words for people, in both languages: causes, reasons, states, kinds and what each record says.
import type { ActKind, Role } from "../edge/model/command.js";
import type { BarrierState, ZoneState } from "../edge/model/durable.js";
import type { FactType } from "../edge/model/fact.js";
import type { Cause, IncidentKind, Priority, Reason, StepAction, StepOutcome } from "../edge/model/incident.js";
import type { Quality } from "../edge/model/point.js";
import type { AreaKind, BarrierConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { ZoneKind } from "../edge/model/zone.js";

type Words<K extends string | number> = Readonly<Record<K, Text>>;
const t = (zh: string, en: string): Text => ({ zh, en });

export const causeTexts: Words<Cause> = {
  "door-opened": t("门被打开", "Door opened"),
  "beam-blocked": t("红外对射被遮断", "Beam blocked"),
  "fibre-cut-or-climb": t("剪切或攀爬围栏", "Fence cut or climbed"),
  "fibre-broken": t("振动光纤断纤", "Fibre broken"),
  "panic-pressed": t("一键报警按下", "Panic button pressed"),
  "fire-signalled": t("消防报警信号", "Fire signalled"),
  "vehicle-rush": t("车辆冲卡", "Vehicle rush"),
  "loop-cut": t("回路开路（断线）", "Line cut"),
  "loop-short": t("回路短路", "Line shorted"),
  "loop-out-of-range": t("回路阻值异常", "Line out of range"),
  tampered: t("设备被拆动", "Tampered with"),
  silent: t("设备无响应", "Silent"),
  "signal-lost": t("信号丢失", "Signal lost"),
  "changed-while-away": t("停机期间状态改变", "Changed while the box was away"),
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

export const incidentKindTexts: Words<IncidentKind> = {
  intrusion: t("入侵", "Intrusion"),
  panic: t("紧急报警", "Panic alarm"),
  fire: t("火警", "Fire"),
  rush: t("车辆冲卡", "Vehicle rush"),
  "lock-down": t("封锁", "Lock-down"),
  unguarded: t("防区失守", "Zone unguarded"),
  unexplained: t("原因不明", "Unexplained"),
};

export const zoneKindTexts: Words<ZoneKind> = {
  "door-contact": t("门磁", "Door contact"),
  "infrared-beam": t("红外对射", "Infrared beam"),
  "vibration-fibre": t("振动光纤", "Vibration fibre"),
  "panic-button": t("一键报警", "Panic button"),
  "fire-input": t("消防信号", "Fire input"),
  "vehicle-rush": t("冲卡检测", "Vehicle rush detection"),
};

export const barrierKindTexts: Words<BarrierConfig["kind"]> = {
  "rising-bollard": t("升降柱", "Rising bollard"),
  "road-blocker": t("翻板路障机", "Wedge road blocker"),
  "boom-gate": t("道闸", "Boom gate"),
};

export const areaKindTexts: Words<AreaKind> = {
  perimeter: t("周界", "Perimeter"),
  entrance: t("出入口", "Entrance"),
  gatehouse: t("传达室", "Gatehouse"),
  "equipment-room": t("设备间", "Equipment room"),
  "control-room": t("监控中心", "Control room"),
  office: t("办公楼", "Office building"),
  buffer: t("缓冲区", "Buffer zone"),
  archive: t("档案室", "Archive"),
};

export const priorityTexts: Words<Priority> = {
  1: t("紧急", "Critical"),
  2: t("高", "High"),
  3: t("中", "Medium"),
  4: t("低", "Low"),
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
};

export const qualityTexts: Words<Quality> = {
  good: t("正常", "Good"),
  stale: t("数据陈旧", "Stale"),
  lost: t("信号丢失", "Lost"),
  tampered: t("被拆动", "Tampered with"),
  "out-of-range": t("超出量程", "Out of range"),
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
};

/** Title of each record type, as it stands in lists and timelines. */
export const recordTexts: Words<FactType> = {
  "agent.started": t("主机启动", "Box started"),
  "agent.stopped": t("主机停止", "Box stopped"),
  "config.applied": t("配置已生效", "Configuration applied"),
  "config.refused": t("配置被拒绝", "Configuration refused"),
  "driver.connected": t("现场设备已连接", "Field device connected"),
  "driver.lost": t("现场设备断开", "Field device lost"),
  "point.lost": t("点位信号丢失", "Point lost"),
  "point.restored": t("点位信号恢复", "Point restored"),
  "input.refused": t("无效输入被拒绝", "Invalid input refused"),
  "limit.reached": t("达到上限", "Limit reached"),
  "health.sampled": t("自检数据", "Health sampled"),
  "area.armed": t("区域布防", "Area armed"),
  "area.disarmed": t("区域撤防", "Area disarmed"),
  "zone.changed": t("防区状态改变", "Zone changed"),
  "zone.breached": t("防区报警", "Zone breached"),
  "zone.tampered": t("防区防拆报警", "Zone tampered with"),
  "zone.unguarded": t("防区失守", "Zone unguarded"),
  "zone.restored": t("防区恢复正常", "Zone restored"),
  "incident.opened": t("事件发生", "Incident opened"),
  "incident.joined": t("防区并入事件", "Zone joined the incident"),
  "incident.closed": t("事件结束", "Incident closed"),
  "incident.unexplained": t("发现原因不明的状态", "Something unexplained was found"),
  "step.decided": t("已决定处置步骤", "Step decided"),
  "step.commanded": t("已下达指令", "Step commanded"),
  "step.inhibited": t("处置步骤受阻", "Step inhibited"),
  "step.resumed": t("重启后继续计时", "Step resumed after restart"),
  "step.met": t("处置步骤按时完成", "Step met"),
  "step.missed": t("处置步骤超时", "Step missed"),
  "step.fallback-taken": t("已启用后备措施", "Fallback taken"),
  "step.completed": t("处置步骤逾期完成", "Step completed late"),
  "step.cancelled": t("处置步骤取消", "Step cancelled"),
  "lockdown.started": t("开始封锁", "Lock-down started"),
  "lockdown.ended": t("封锁解除", "Lock-down ended"),
  "barrier.changed": t("阻车设施状态改变", "Barrier changed"),
  "barrier.moved-uncommanded": t("阻车设施未经指令动作", "Barrier moved without command"),
  "annunciator.sounded": t("声光报警启动", "Annunciator sounded"),
  "annunciator.silenced": t("声光报警消音", "Annunciator silenced"),
  "operator.commanded": t("人员下达命令", "Operator's command"),
  "operator.acknowledged": t("人员确认", "Acknowledged by operator"),
  "command.refused": t("命令被拒绝", "Command refused"),
  "workorder.opened": t("生成工单", "Work order opened"),
  "chain.forked": t("日志链分叉", "Chain forked"),
  "edge.silent": t("主机失联", "Box silent"),
};
