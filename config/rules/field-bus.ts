// What must fit together on the bus of the field devices: broker or address, secrets and TLS, and whose topic is whose.
import type { Text } from "../../edge/model/text.js";
import type { MqttDriverConfig } from "../../edge/model/wiring.js";
import { unknownId } from "../references.js";
import { type Finding, type Path, unsafe, unwise } from "../trouble.js";
import { isLoopback } from "./exposure.js";

/** Findings of one MQTT driver. */
export function mqttFindings(driver: MqttDriverConfig, path: Path): Finding[] {
  return [...brokerOrUrl(driver, path), ...secrets(driver, path), ...points(driver, path), ...owners(driver, path)];
}

const refuse = (path: Path, message: Text, remedy: Text): Finding => ({
  code: "config.reference",
  path,
  message,
  remedy,
});

function points(driver: MqttDriverConfig, path: Path): Finding[] {
  const known = driver.devices.map((device) => device.id);
  return driver.points.flatMap((point, index): Finding[] => {
    const at = [...path, "points", index];
    const device = known.includes(point.device)
      ? []
      : [unknownId([...at, "device"], point.device, { zh: "设备", en: "device" }, known)];
    const unconfirmed = point.direction === "out" && point.confirmTopic === undefined;
    return unconfirmed ? [...device, withoutConfirmation(at, point.id)] : device;
  });
}

const withoutConfirmation = (path: Path, id: string): Finding =>
  refuse(
    path,
    {
      zh: `输出 ${id} 没有 confirmTopic，永远得不到设备确认。`,
      en: `The output ${id} has no confirmTopic, so the device can never confirm it.`,
    },
    {
      zh: "补充设备回报实际状态的主题 confirmTopic。",
      en: "Add confirmTopic, on which the device reports its real state.",
    },
  );

function brokerOrUrl(driver: MqttDriverConfig, path: Path): Finding[] {
  if ((driver.broker === undefined) !== (driver.url === undefined)) return [];
  return [
    refuse(
      path,
      { zh: "broker 与 url 必须且只能填写一项。", en: "Exactly one of broker and url must be given." },
      {
        zh: "使用主机内的 broker，或用 url 指向已有的 broker。",
        en: "Give broker for the one in the box, or url for an existing one.",
      },
    ),
  ];
}

/** Secrets in clear, and keys that nobody would use. */
function secrets({ broker, url, login, tls }: MqttDriverConfig, path: Path): Finding[] {
  const address = URL.canParse(url ?? "") ? new URL(url ?? "") : null;
  const findings: Finding[] = [];
  if (broker?.tls !== undefined && wildcards.includes(broker.host) && (broker.tls.hosts ?? []).length === 0) {
    findings.push(namelessBox([...path, "broker", "tls"]));
  }
  if (tls !== undefined && address?.protocol !== "mqtts:") findings.push(uselessKeys([...path, "tls"]));
  if (tls !== undefined && (tls.certificate === undefined) !== (tls.key === undefined)) {
    findings.push(halfPair([...path, "tls"]));
  }
  if (address === null) return findings;
  const secret = login !== undefined || address.password !== "";
  if (secret && address.protocol === "mqtt:" && !isLoopback(address.hostname)) {
    findings.push(passwordInClear([...path, "url"]));
  }
  if (address.password !== "") findings.push(passwordInFile([...path, "url"]));
  return findings;
}

const wildcards = ["0.0.0.0", "::"];

const namelessBox = (path: Path): Finding =>
  refuse(
    path,
    {
      zh: "监听所有地址时，主机证书里没有设备可用的名称。",
      en: "On all addresses the box's certificate has no name by which a device could know it.",
    },
    { zh: "在 hosts 中列出设备使用的地址或名称。", en: "List in hosts the addresses or names that devices use." },
  );

const uselessKeys = (path: Path): Finding =>
  refuse(
    path,
    { zh: "tls 只用于 mqtts: 的 url。", en: "tls is for a url with mqtts: only." },
    { zh: "改用 mqtts:，或删去 tls。", en: "Write mqtts:, or remove tls." },
  );

const halfPair = (path: Path): Finding =>
  refuse(
    path,
    { zh: "certificate 与 key 必须同时填写。", en: "certificate and key belong together." },
    { zh: "补上缺少的一项。", en: "Add the one that is missing." },
  );

const passwordInClear = (path: Path): Finding =>
  unsafe(
    path,
    { zh: "密码将以明文发往本机以外。", en: "A password would leave this machine in clear." },
    { zh: "请改用 mqtts:。", en: "Use mqtts:." },
  );

const passwordInFile = (path: Path): Finding =>
  unwise(
    path,
    { zh: "密码写在了配置文件里。", en: "A password stands in the configuration." },
    {
      zh: "用 login.user，并把密码放入 PORTCULLIS_MQTT_PASSWORD_ID 或 secrets/mqtt-ID。",
      en: "Use login.user, with the password in PORTCULLIS_MQTT_PASSWORD_ID or secrets/mqtt-ID.",
    },
  );

/** A device may speak on its own topics only, and nobody may speak where the box gives orders: it would hear itself confirm. */
function owners(driver: MqttDriverConfig, path: Path): Finding[] {
  const orders = new Set(driver.points.filter(({ direction }) => direction === "out").map(({ topic }) => topic));
  const owner = new Map<string, string>();
  const said = [
    ...driver.devices.flatMap((device, index) =>
      (["aliveTopic", "willTopic"] as const).map((field) => ({
        device: device.id,
        topic: device[field],
        at: [...path, "devices", index, field],
      })),
    ),
    ...driver.points.map(({ device, direction, topic, confirmTopic }, index) => ({
      device,
      topic: direction === "in" ? topic : confirmTopic,
      at: [...path, "points", index, direction === "in" ? "topic" : "confirmTopic"],
    })),
  ];
  return said.flatMap(({ device, topic, at }): Finding[] => {
    if (topic === undefined) return [];
    if (orders.has(topic)) return [orderTopic(at, topic)];
    const first = owner.get(topic) ?? device;
    owner.set(topic, first);
    return first === device ? [] : [foreignTopic(at, topic, first)];
  });
}

const orderTopic = (path: Path, topic: string): Finding =>
  refuse(
    path,
    {
      zh: `主题 ${topic} 用于下达命令，设备不能在其上发布。`,
      en: `On ${topic} the box gives orders, so nothing a device says may come there.`,
    },
    { zh: "为设备的报告另选主题。", en: "Choose another topic for what the device reports." },
  );

const foreignTopic = (path: Path, topic: string, owner: string): Finding =>
  unwise(
    path,
    { zh: `主题 ${topic} 属于设备 ${owner}。`, en: `The topic ${topic} belongs to the device ${owner}.` },
    { zh: "每台设备使用各自的主题。", en: "Give each device topics of its own." },
  );
