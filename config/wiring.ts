// Checks each driver's points against what its protocol can do, before anything refers to them.
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { DriverConfig, MqttDriverConfig } from "../edge/model/wiring.js";
import { unknownId } from "./references.js";
import type { Finding, Path } from "./trouble.js";

/** Findings of code `config.reference`. */
export function wiringFindings(edge: EdgeConfig, base: Path): Finding[] {
  return edge.drivers.flatMap((driver, index) => {
    const path = [...base, "drivers", index];
    return driver.kind === "mqtt" ? mqttFindings(driver, path) : relayFindings(driver, path);
  });
}

const refuse = (path: Path, message: Text, remedy: Text): Finding => ({
  code: "config.reference",
  path,
  message,
  remedy,
});

function mqttFindings(driver: MqttDriverConfig, path: Path): Finding[] {
  const known = driver.devices.map((device) => device.id);
  const points = driver.points.flatMap((point, index): Finding[] => {
    const at = [...path, "points", index];
    const device = known.includes(point.device)
      ? []
      : [unknownId([...at, "device"], point.device, { zh: "设备", en: "device" }, known)];
    const unconfirmed = point.direction === "out" && point.confirmTopic === undefined;
    return unconfirmed ? [...device, withoutConfirmation(at, point.id)] : device;
  });
  return (driver.broker === undefined) === (driver.url === undefined) ? [brokerOrUrl(path), ...points] : points;
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

const brokerOrUrl = (path: Path): Finding =>
  refuse(
    path,
    { zh: "broker 与 url 必须且只能填写一项。", en: "Exactly one of broker and url must be given." },
    {
      zh: "使用主机内的 broker，或用 url 指向已有的 broker。",
      en: "Give broker for the one in the box, or url for an existing one.",
    },
  );

function relayFindings(driver: DriverConfig, path: Path): Finding[] {
  if (driver.kind !== "firmata") return [];
  return driver.points.flatMap((point, index): Finding[] => {
    const direction = point.signal === "relay" ? "out" : "in";
    if (point.direction === direction) return [];
    return [
      refuse(
        [...path, "points", index, "direction"],
        {
          zh: `${point.id}（${point.signal}）的方向应为 ${direction}。`,
          en: `${point.id} is ${point.signal}, so its direction is ${direction}.`,
        },
        {
          zh: `改为 direction: ${direction}，或更换 signal。`,
          en: `Write direction: ${direction}, or another signal.`,
        },
      ),
    ];
  });
}
