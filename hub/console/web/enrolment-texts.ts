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
} as const;
