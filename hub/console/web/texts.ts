// Every sentence of the page in both languages; `{name}` stands for a value that the caller fills in. The domain's words
// stand in config/words.ts.

import type { Text } from "../../../edge/model/text.js";
import type { ResumedBy } from "../../../edge/model/time.js";
import { pageTexts } from "../../../edge/page/texts.js";
import type { AlarmState, CommandState } from "../views.js";
import { alarmTexts } from "./alarm-texts.js";
import { enrolmentTexts } from "./enrolment-texts.js";
import { standingTexts } from "./standing-texts.js";

export const texts = {
  ...pageTexts,
  ...standingTexts,
  ...alarmTexts,
  ...enrolmentTexts,

  // frame
  product: { zh: "Portcullis 周界守护", en: "Portcullis" },
  skipToAlarms: { zh: "跳到报警列表", en: "Skip to the alarms" },
  live: { zh: "实时", en: "Live" },
  offline: { zh: "已断开", en: "Disconnected" },
  bannerLost: { zh: "与中心平台的连接已中断。", en: "No connection to the hub." },
  bannerLostDetail: {
    zh: "以下为 {time} 的状态，可能已过时。现场主机仍会独立报警和动作。正在重新连接……",
    en: "What you see is from {time} and may be out of date. The boxes on site go on acting by themselves. Reconnecting …",
  },
  bannerFirst: { zh: "正在连接……", en: "Connecting …" },
  sound: { zh: "声音提示", en: "Sound" },
  signOut: { zh: "退出", en: "Sign out" },
  people: { zh: "人员", en: "People" },
  back: { zh: "返回总览", en: "Back to the overview" },
  none: { zh: "无", en: "None" },
  hubUnreachable: { zh: "无法连接中心平台。", en: "The hub cannot be reached." },
  hubUnreachableRemedy: {
    zh: "命令是否送达不能确定：重试前请先查看状态；紧急时使用现场按钮。",
    en: "Whether it arrived is not known: look before you try again. In an emergency use the buttons on site.",
  },

  // sign-in
  signIn: { zh: "登录", en: "Sign in" },
  withCode: { zh: "一次性登录码", en: "One-time code" },
  withCodeHint: { zh: "首次启动时由程序打印。", en: "Printed by the program when it first starts." },
  withPassword: { zh: "用户名和密码", en: "Name and password" },
  user: { zh: "用户名", en: "Name" },
  password: { zh: "密码", en: "Password" },
  repeat: { zh: "再输入一次", en: "Password again" },
  passwordsDiffer: { zh: "两次输入的密码不一致。", en: "The two passwords differ." },
  setPassword: { zh: "设置密码", en: "Set your password" },
  setPasswordHint: {
    zh: "登录码只能使用一次。请为用户“{user}”设置密码，至少 {n} 个字符。",
    en: "The code works only once. Set a password for “{user}”, at least {n} characters.",
  },
  save: { zh: "保存", en: "Save" },

  // people
  addPerson: { zh: "添加人员", en: "Add a person" },
  addPersonHint: {
    zh: "解除封锁需要两名不同人员，请至少添加一人。",
    en: "A stand-down needs two different persons, so add at least one more.",
  },
  role: { zh: "角色", en: "Role" },
  personAdded: { zh: "已添加“{user}”。", en: "“{user}” was added." },

  // alarms
  alarms: { zh: "报警", en: "Alarms" },
  alarmsOpen: { zh: "{n} 条未确认", en: "{n} not acknowledged" },
  alarmsAllSeen: { zh: "全部已确认", en: "All acknowledged" },
  noAlarms: { zh: "当前没有报警。", en: "No active alarms." },
  moreAlarms: { zh: "另有 {n} 条优先级较低或较早的报警未显示。", en: "{n} more alarms of lower rank are not shown." },
  priority: { zh: "优先级 {n}：{word}", en: "Priority {n}: {word}" },
  acknowledge: { zh: "确认", en: "Acknowledge" },
  acknowledgeNamed: { zh: "确认报警：{title}", en: "Acknowledge: {title}" },
  acknowledgeAll: { zh: "确认全部 {n} 条", en: "Acknowledge all {n}" },
  acknowledgeAllOf: { zh: "确认全部 {n} 条此事件的报警", en: "Acknowledge all {n} of this incident" },
  acknowledgedByUser: { zh: "{user} 已确认", en: "Acknowledged by {user}" },
  acknowledgedBy: { zh: "{user} 已确认，{time}", en: "Acknowledged by {user}, {time}" },
  showIncident: { zh: "查看事件", en: "Show incident" },
  newAlarm: { zh: "新报警，{priority}：{title}，{place}", en: "New alarm, {priority}: {title}, {place}" },
  times: { zh: "{n} 次", en: "{n} times" },
  exercise: { zh: "演练", en: "Exercise" },
  historical: { zh: "历史告警（补传）", en: "History, arrived late" },
  notDurable: { zh: "未写入现场磁盘", en: "Not on the box's disk" },
  agoSeconds: { zh: "{s} 秒前", en: "{s} s ago" },
  agoMinutes: { zh: "{m} 分 {s} 秒前", en: "{m} min {s} s ago" },
  agoHours: { zh: "{h} 小时 {m} 分前", en: "{h} h {m} min ago" },
  agoDays: { zh: "{d} 天 {h} 小时前", en: "{d} d {h} h ago" },

  // overview
  areas: { zh: "区域与防区", en: "Areas and zones" },
  armed: { zh: "已布防", en: "Armed" },
  disarmed: { zh: "已撤防", en: "Disarmed" },
  arm: { zh: "布防", en: "Arm" },
  disarm: { zh: "撤防", en: "Disarm" },
  alwaysOn: { zh: "始终有效", en: "Always on" },
  camera: { zh: "摄像机 {id}", en: "Camera {id}" },
  barriers: { zh: "阻车设施", en: "Barriers" },
  held: { zh: "封锁保持", en: "Held by lock-down" },
  lockedDown: { zh: "封锁中", en: "Locked down" },
  notLockedDown: { zh: "未封锁", en: "Not locked down" },
  closedOf: { zh: "{n}/{all} 已关闭", en: "{n} of {all} closed" },
  lockDown: { zh: "封锁", en: "Lock down" },
  standDown: { zh: "解除封锁", en: "Stand down" },
  boxes: { zh: "现场主机", en: "Boxes" },
  online: { zh: "在线", en: "Online" },
  offlineBox: { zh: "离线", en: "Offline" },
  lastRecord: { zh: "最近记录 {time}", en: "Last record {time}" },
  revision: { zh: "配置版本 {n}", en: "Configuration {n}" },
  silence: { zh: "消音", en: "Silence the siren" },
  silenceReason: { zh: "在控制台消音", en: "Silenced at the console" },
  workOrders: { zh: "未结工单", en: "Open work orders" },
  noBoxes: { zh: "还没有现场主机连接过。", en: "No box has ever connected." },
  incidents: { zh: "事件", en: "Incidents" },
  noIncidents: { zh: "没有事件。", en: "No incidents." },
  stepsMissed: { zh: "{n} 个步骤超时", en: "Steps missed: {n}" },
  incidentOpen: { zh: "进行中", en: "Open" },
  incidentClosed: { zh: "已关闭", en: "Closed" },

  // commands
  commands: { zh: "命令", en: "Commands" },
  pending: { zh: "等待第二人批准", en: "Waiting for a second person" },
  requestedBy: { zh: "{user} 申请，{time}，原因：{reason}", en: "Asked by {user}, {time}. Reason: {reason}" },
  approve: { zh: "批准", en: "Approve" },
  approveNamed: { zh: "批准：{what}", en: "Approve: {what}" },
  askedByYou: { zh: "由您申请，须由另一人批准。", en: "You asked for this; another person must approve." },
  lockDownTitle: { zh: "封锁“{group}”？", en: "Lock down “{group}”?" },
  lockDownBody: {
    zh: "将关闭并保持：{barriers}。地感线圈上有车辆时该设施会等待。解除需要两人。",
    en: "Closes and holds: {barriers}. A barrier with a vehicle on its loop waits. Ending it takes two persons.",
  },
  lockDownReason: { zh: "现场受到威胁", en: "Threat at the site" },
  standDownTitle: { zh: "申请解除“{group}”的封锁", en: "Ask for the stand-down of “{group}”" },
  standDownBody: {
    zh: "勾选要放开的通道，其余保持封锁。须由另一人批准后才会执行。",
    en: "Tick the lanes to free; the others stay held. Nothing happens until another person approves.",
  },
  lanes: { zh: "要放开的通道", en: "Lanes to free" },
  sendRequest: { zh: "提交申请", en: "Send the request" },
  requestSent: { zh: "申请已提交，等待另一人批准。", en: "Request sent. It waits for another person." },
  areaTitle: { zh: "{act}“{area}”？", en: "{act} “{area}”?" },
  areaBody: {
    zh: "区域内的防区将随之改变；始终有效的防区不受影响。",
    en: "Applies to its zones; those that are always on stay on.",
  },
  resetTitle: { zh: "复位此事件？", en: "Reset this incident?" },
  resetBody: {
    zh: "清除锁存的报警并关闭事件。不会移动任何阻车设施。",
    en: "Clears what is latched and closes the incident. Moves no barrier.",
  },
  reset: { zh: "复位", en: "Reset" },
  commandNow: { zh: "{what}：{state}", en: "{what}: {state}" },

  // incident
  incidentAt: { zh: "{kind}：{place}", en: "{kind}: {place}" },
  opened: { zh: "开始 {time}", en: "Opened {time}" },
  closedAt: { zh: "关闭 {time}", en: "Closed {time}" },
  loading: { zh: "正在读取……", en: "Loading …" },
  incidentMissing: { zh: "找不到此事件。", en: "This incident was not found." },
  steps: { zh: "步骤与期限", en: "Steps and deadlines" },
  noSteps: { zh: "此事件没有步骤。", en: "This incident needed no steps." },
  bars: { zh: "所用时间与期限", en: "Time used against the deadline" },
  barsLegend: {
    zh: "虚线：期限。细线：下令、替代措施。白点：重启后继续。",
    en: "Dashed: the deadline. Thin lines: commanded, fallback. White square: went on after a restart.",
  },
  barLabel: {
    zh: "{step}：期限 {deadline}，{result}",
    en: "{step}: deadline {deadline}, {result}",
  },
  confirmedAfter: { zh: "{span} 后确认", en: "confirmed after {span}" },
  notConfirmed: { zh: "尚未确认", en: "not confirmed" },
  step: { zh: "步骤", en: "Step" },
  firstActivity: { zh: "最早动静 {span}", en: "First activity {span}" },
  occurred: { zh: "发生", en: "Occurred" },
  detected: { zh: "探测", en: "Detected" },
  decided: { zh: "决定", en: "Decided" },
  commanded: { zh: "下令", en: "Commanded" },
  confirmed: { zh: "确认到位", en: "Confirmed" },
  deadline: { zh: "期限", en: "Deadline" },
  outcome: { zh: "结果", en: "Outcome" },
  late: { zh: "迟 {span}", en: "{span} late" },
  lateSoFar: { zh: "已迟 {span}，仍未到位", en: "{span} late and still not there" },
  early: { zh: "提前 {span}", en: "{span} to spare" },
  left: { zh: "还剩 {span}", en: "{span} left" },
  fallbackTaken: { zh: "替代措施已执行（{span}）", en: "Fallback has run ({span})" },
  resumed: { zh: "重启后继续，剩余 {left}，{by}", en: "Restarted, went on with {left} left, {by}" },
  records: { zh: "记录", en: "Records" },
  moreRecords: {
    zh: "另有 {n} 条较晚的记录未显示，可从接口读取。",
    en: "{n} later records are not shown; the API has them.",
  },
  time: { zh: "时间", en: "Time" },
  after: { zh: "相对时间", en: "After" },
  what: { zh: "内容", en: "What" },
  about: { zh: "对象", en: "About" },
  number: { zh: "编号", en: "Number" },
  details: { zh: "详情", en: "Details" },
} as const satisfies Readonly<Record<string, Text>>;

export type TextKey = keyof typeof texts;

type Words<Key extends string> = Readonly<Record<Key, Text>>;

export const alarmStateTexts: Words<AlarmState> = {
  unacknowledged: { zh: "未确认", en: "Not acknowledged" },
  acknowledged: { zh: "已确认", en: "Acknowledged" },
  "returned-unacknowledged": { zh: "已恢复，未确认", en: "Cause gone, not acknowledged" },
  latched: { zh: "已恢复并确认，待复位", en: "Cause gone and seen, to be reset" },
  closed: { zh: "已关闭", en: "Closed" },
};

export const commandStateTexts: Words<CommandState> = {
  "awaiting-approval": { zh: "等待第二人批准", en: "Awaiting a second person" },
  sent: { zh: "已发送", en: "Sent" },
  done: { zh: "已执行", en: "Done" },
  refused: { zh: "被拒绝", en: "Refused" },
  expired: { zh: "已过期", en: "Expired" },
};

type HubRecord =
  | "alarm.acknowledged"
  | "alarm.silenced"
  | "alarm.reset"
  | "alarm.escalated"
  | "alarm.shelved"
  | "alarm.unshelved"
  | "alarm.taken-out"
  | "alarm.put-back"
  | "act.refused"
  | "incident.lost"
  | "command.requested"
  | "command.answered"
  | "command.expired";

/** What the hub itself records beside the boxes. */
export const hubRecordTexts: Words<HubRecord> = {
  "alarm.acknowledged": { zh: "已在平台确认", en: "Acknowledged at the hub" },
  "alarm.silenced": { zh: "已在平台消音", en: "Silenced at the hub" },
  "alarm.reset": { zh: "已在平台复位", en: "Reset at the hub" },
  "alarm.escalated": { zh: "未确认，已升级", en: "Not acknowledged, escalated" },
  "alarm.shelved": { zh: "报警已搁置", en: "Shelved" },
  "alarm.unshelved": { zh: "搁置结束", en: "Back from shelving" },
  "alarm.taken-out": { zh: "报警已停用", en: "Out of service" },
  "alarm.put-back": { zh: "报警恢复使用", en: "Back in service" },
  "incident.lost": { zh: "主机已不认识此事件，报警已解除锁存", en: "Unknown to its box, alarms released" },
  "act.refused": { zh: "操作被拒绝", en: "Act refused" },
  "command.requested": { zh: "命令待第二人批准", en: "Command asked for, awaits a second person" },
  "command.answered": { zh: "主机已答复命令", en: "Box answered the command" },
  "command.expired": { zh: "命令已过期", en: "Command expired" },
};

export const resumedByTexts: Words<ResumedBy> = {
  monotonic: { zh: "按单调时钟计算", en: "by the monotonic clock" },
  wall: { zh: "按日历时钟计算", en: "by the wall clock" },
  overdue: { zh: "剩余时间无法确定", en: "time left unknown" },
};
