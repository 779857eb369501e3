// A whole box with people, whose boom gate obeys: for what a guard does in the gatehouse with no hub at all.

import type { Role } from "../../edge/model/command.js";
import { putPeople } from "../support/box-people.js";
import { until } from "../support/until.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "./small-box.js";

export const pins = { li: "739154", wang: "417390", chen: "604827", tech: "285306" } as const;
export const duressPin = "850263";
const roles: Readonly<Record<keyof typeof pins, Role>> = {
  li: "operator",
  wang: "operator",
  chen: "supervisor",
  tech: "technician",
};
const lookMs = 50;
/** A loaded machine plays its devices late; what they say ends the wait. */
const settleMs = 10_000;

export interface GateBox {
  readonly box: SmallBox;
  /** The fence's beam is clear, and its cover shut. */
  quiet(): void;
  /** Somebody walks through it. */
  breakBeam(): void;
  close(): Promise<void>;
}

export async function startGateBox(): Promise<GateBox> {
  const box = await startSmallBox({
    rewrite: (text) => text.replace("settleMs: 1000", `settleMs: ${settleMs}`),
    change: (settings) => ({
      ...settings,
      config: {
        ...settings.config,
        responses: [
          ...settings.config.responses,
          {
            id: "lock-down",
            name: { zh: "封锁车道", en: "Lock down" },
            on: [{ command: "lock-down" }],
            steps: [{ id: "close", kind: "close", group: "lane", mode: "normal", withinMs: 30_000 }],
          },
        ],
      },
    }),
  });
  const beam = await playDevice(box.dataDir, box.site.broker, "beam");
  const gate = await playDevice(box.dataDir, box.site.broker, "gate");
  const playing = obey(gate);
  const quiet = () => beam.say({ beam: "clear", cover: "shut" });
  quiet();
  const names = Object.keys(pins) as (keyof typeof pins)[];
  const members = names.map((name) => ({ name, roles: [roles[name]], pin: pins[name], duressPin }));
  putPeople(box.dataDir, members);
  await until("the box sees its beam and its gate", async () => {
    const { body } = await box.get("/api/v1/status");
    const { durable } = body as {
      durable: { barriers: Record<string, string>; zones: Record<string, { state: string }> };
    };
    if (durable.barriers["boom"] === "open" && durable.zones["fence-1"]?.state === "normal") return true;
    throw new Error(JSON.stringify([durable.barriers, durable.zones]));
  });
  return {
    box,
    quiet,
    breakBeam: () => beam.say({ beam: "blocked", cover: "shut" }),
    async close() {
      clearInterval(playing);
      await beam.close();
      await gate.close();
      await box.close();
    },
  };
}

/** The gate follows its relays. */
function obey(gate: Player): NodeJS.Timeout {
  let isClosed = false;
  const tell = () => gate.say({ closed: isClosed, open: !isClosed, loop: false });
  tell();
  return setInterval(() => {
    const wants =
      gate.ordered("f/gate/gate-close") === "on" ? true : gate.ordered("f/gate/gate-open") === "on" ? false : null;
    if (wants === null || wants === isClosed) return;
    isClosed = wants;
    tell();
  }, lookMs);
}
