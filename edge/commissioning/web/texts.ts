// Sentences of the frame of the box's page; each section has a table of its own.
import { sayFrom } from "../../page/language.js";
import { pageTexts } from "../../page/texts.js";

export const texts = {
  ...pageTexts,
  product: { zh: "Portcullis 现场主机", en: "Portcullis box" },
  gatehouse: { zh: "门卫", en: "Gatehouse" },
  commissioning: { zh: "调试", en: "Commissioning" },
  sections: { zh: "页面", en: "Sections" },
  skip: { zh: "跳到内容", en: "Skip to the content" },
  live: { zh: "实时", en: "Live" },
  noHub: { zh: "中心未连通", en: "Control room not reached" },
  withCount: { zh: "{what}（{n}）", en: "{what} ({n})" },
  newIncident: { zh: "新报警：{what}", en: "New alarm: {what}" },
  pairLine: { zh: "{what}：{how}。", en: "{what}: {how}." },
  offline: { zh: "已断开", en: "Disconnected" },
  bannerLost: {
    zh: "与主机的连接已中断，以下内容不是最新的。",
    en: "The box is not reached; what is shown is not current.",
  },
  loading: { zh: "正在读取主机状态……", en: "Reading the box ..." },
  signIn: { zh: "登录", en: "Log in" },
  signOut: { zh: "退出", en: "Log out" },
  signInTo: { zh: "登录后才能操作。", en: "Log in to act." },
  name: { zh: "姓名", en: "Name" },
  pin: { zh: "口令（数字）", en: "PIN" },
  secondPerson: { zh: "第二人", en: "Second person" },
  secondName: { zh: "第二人姓名", en: "Second person's name" },
  secondPin: { zh: "第二人口令", en: "Second person's PIN" },
  noPeople: { zh: "本机还没有人员", en: "This box has no people yet" },
  noPeopleHow: {
    zh: "在本机终端添加第一个人员，口令从键盘输入（没有默认口令）：",
    en: "Add the first person at a terminal of the box; the PIN is typed there (there is no default PIN):",
  },
  boxUnreachable: { zh: "无法连接主机。", en: "The box cannot be reached." },
  boxUnreachableRemedy: { zh: "检查网络和主机电源。", en: "Check the network and the box's power." },
  wrongPin: { zh: "姓名或口令不正确。", en: "Name or PIN is wrong." },
  wrongSecond: { zh: "第二人的姓名或口令不正确。", en: "The second person's name or PIN is wrong." },
  tryAgain: { zh: "请核对后重试。", en: "Check both and try again." },
  done: { zh: "已执行：{what}", en: "Done: {what}" },
} as const;

export const say = sayFrom(texts);
