// The small box with a vibration fibre on its broker, and the fibre's processor played by hand: real recordings as blocks over MQTT,
// as fast as the box takes them.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { connectAsync } from "mqtt";
import type { Settings } from "../../edge/agent/settings.js";
import { putPeople } from "../support/box-people.js";
import { blocksOf, plainSettings } from "../support/fibre-recordings.js";
import { until } from "../support/until.js";
import { type SmallBox, startSmallBox } from "./small-box.js";

export const fibreZone = "fibre-north";

export const withFibre = (settings: Settings): Settings => {
  const { config } = settings;
  const drivers = config.drivers.map((driver) => {
    if (driver.kind !== "mqtt" || driver.id !== "field") return driver;
    const device = { id: "fibre", aliveTopic: "f/fibre/alive", silentAfterMs: 6_000 };
    const point = {
      id: "fibre-level",
      direction: "in",
      device: "fibre",
      topic: "f/fibre/level",
      payload: "level",
      silentAfterMs: 5_000,
      latencyMs: 50,
    } as const;
    return { ...driver, devices: [...driver.devices, device], points: [...driver.points, point] };
  });
  const zone = {
    id: fibreZone,
    name: { zh: "北侧振动光纤", en: "North fibre" },
    area: "fence",
    kind: "vibration-fibre",
    level: "fibre-level",
    settings: plainSettings,
  } as const;
  return { ...settings, config: { ...config, drivers, zones: [...config.zones, zone] } };
};

export const startFibreBox = (): Promise<SmallBox> => startSmallBox({ change: withFibre });

export interface Fibre {
  /** Resolves when the broker has the last block. */
  send(signal: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

export async function playFibre({ dataDir, site }: SmallBox): Promise<Fibre> {
  const password = await until("the box has made a password", async () => {
    const file = readFileSync(join(dataDir, "field-credentials.json"), "utf8");
    return (JSON.parse(file) as { devices: Record<string, { password: string }> }).devices["fibre"]?.password;
  });
  const client = await connectAsync({
    host: "127.0.0.1",
    port: site.broker,
    clientId: "fibre",
    username: "fibre",
    password,
    protocolVersion: 4,
  });
  client.on("error", () => undefined);
  return {
    async send(signal) {
      for (const { block } of blocksOf(signal)) {
        await client.publishAsync("f/fibre/alive", "online");
        await client.publishAsync("f/fibre/level", JSON.stringify(block), { qos: 1 });
      }
    },
    close: () => client.endAsync(true),
  };
}

export const pins = { tech: "285306", wang: "417390" } as const;

/** A technician, and an operator who may not tune. */
export function addPeople(dataDir: string): void {
  putPeople(dataDir, [
    { name: "tech", roles: ["technician"], pin: pins.tech },
    { name: "wang", roles: ["operator"], pin: pins.wang },
  ]);
}
