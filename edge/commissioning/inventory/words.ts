// Words of the inventory, in both languages.
import { annunciatorKindTexts, barrierKindTexts, zoneKindTexts } from "../../../config/kinds.js";
import type { Text } from "../../model/text.js";
import type { Device, DeviceClass } from "./devices.js";
import type { InventoryRow } from "./rows.js";

const t = (zh: string, en: string): Text => ({ zh, en });

export const classTexts: Readonly<Record<DeviceClass, Text>> = {
  box: t("主机", "Box"),
  driver: t("现场接口", "Field interface"),
  "field-device": t("现场设备", "Field device"),
  detector: t("探测器", "Detector"),
  power: t("电源", "Power"),
  barrier: t("阻车设施", "Barrier"),
  annunciator: t("声光报警", "Annunciator"),
  fixture: t("固定设施", "Fixed obstacle"),
};

export const dueTexts: Readonly<Record<InventoryRow["due"], Text>> = {
  due: t("到期", "due"),
  planned: t("已计划", "planned"),
  unknown: t("无起算日期", "no day to count from"),
  none: t("未计划", "not planned"),
};

/** A kind without a word of its own is shown as it stands in the configuration. */
export function kindText({ class: of, kind }: Pick<Device, "class" | "kind">): Text {
  const tables: Readonly<Record<string, Text>> = { ...zoneKindTexts, ...barrierKindTexts, ...annunciatorKindTexts };
  return tables[kind] ?? (of === "driver" ? t(kind, kind) : classTexts[of]);
}

/** Heads of what is shown only, and of what may be changed. */
export const columnTexts = {
  device: t("设备编号", "Device"),
  class: t("类别", "Class"),
  kind: t("类型", "Kind"),
  name: t("名称", "Name"),
  area: t("区域", "Area"),
  points: t("点位", "Points"),
  sinceRevision: t("配置版本", "Since revision"),
  impactRating: t("抗撞等级", "Impact rating"),
  place: t("安装位置", "Place"),
  plan: t("图纸编号", "Plan reference"),
  maker: t("厂家", "Maker"),
  model: t("型号", "Model"),
  serial: t("序列号", "Serial number"),
  installedOn: t("安装日期", "Installed on"),
  intervalDays: t("维护周期（天）", "Maintenance interval (days)"),
  servicedOn: t("上次维护登记", "Last maintenance entered"),
  lastServicedOn: t("上次维护", "Last maintenance"),
  cycles: t("动作次数", "Runs since service"),
  dueOn: t("下次维护", "Next maintenance"),
  due: t("维护状态", "Maintenance"),
} as const satisfies Readonly<Record<string, Text>>;
