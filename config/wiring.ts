// Checks each driver's points against what its protocol can do, before anything refers to them.
import type { EdgeConfig } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { DriverConfig } from "../edge/model/wiring.js";
import { mqttFindings } from "./rules/field-bus.js";
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
