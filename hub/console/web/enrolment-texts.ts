// Sentences about letting boxes in; part of texts.ts.
export const enrolmentTexts = {
  enrolBox: { zh: "登记主机", en: "Let a box in" },
  enrolBoxHint: {
    zh: "为一台主机生成一次性登记码；登记码本身即批准，请只交给安装该主机的人员。",
    en: "Makes a one-time code for one box. The code is the approval: give it only to whoever installs that box.",
  },
  siteId: { zh: "站点标识", en: "Site" },
  edgeId: { zh: "主机标识", en: "Box" },
  makeCode: { zh: "生成登记码", en: "Make a code" },
  codeFor: { zh: "{box}，{time} 前有效，仅显示一次。", en: "For {box}, until {time}. It is shown this once." },
  onTheBox: { zh: "在主机上执行：", en: "On the box:" },
  replaceBox: { zh: "更换主机", en: "Replace a box" },
  replaceBoxHint: {
    zh: "主机损坏时选“更换主机”：登记码使用后，旧主机的证书立即失效，备用主机取回配置和运行状态。",
    en: "For a dead box choose “Replace a box”: once the code is used the old certificate has no force, and the spare box gets configuration and state back.",
  },
  replacementCodeFor: {
    zh: "更换 {box}，{time} 前有效，仅显示一次；使用后旧主机不能再连接。",
    en: "To replace {box}, until {time}. It is shown this once; once it is used the old box is shut out.",
  },
  onTheSpareBox: { zh: "在备用主机的空数据目录上执行：", en: "On the spare box, with an empty data folder:" },
  keptConfig: { zh: "平台存有配置版本 {revision}。", en: "The hub has revision {revision} of its configuration." },
  keptNoConfig: {
    zh: "平台没有该主机的配置：请加 --config 文件。",
    en: "The hub has no configuration of it: add --config FILE.",
  },
  keptState: { zh: "运行状态截至 {time}。", en: "Its state reaches up to {time}." },
  keptNoState: { zh: "没有运行状态。", en: "There is no state of it." },
} as const;
