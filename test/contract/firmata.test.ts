// The Driver contract on the Firmata driver: the project's simulator, and real StandardFirmata in an emulated Uno over TCP and
// over a serial port.
import { afterAll, beforeAll, describe, it } from "vitest";
import { createFirmataDriver } from "../../edge/field/firmata/driver.js";
import type { FirmataDriverConfig, FirmataPointConfig } from "../../edge/model/wiring.js";
import { startBoard } from "../../simulators/board.js";
import { type BoardSettings, plantSettingsOf } from "../../simulators/settings.js";
import { createWorld } from "../../simulators/world.js";
import { serialMissing, startUno, type UnoProcess } from "../support/uno-process.js";
import { type DriverRig, driverContract } from "./driver-suite.js";
import { realMachine } from "./real-machine.js";

const points: readonly FirmataPointConfig[] = [
  { id: "loop", direction: "in", pin: 0, signal: "analog", latencyMs: 40 },
  { id: "panic", direction: "in", pin: 2, signal: "digital", pullUp: true, activeLow: true },
  { id: "siren", direction: "out", pin: 8, signal: "relay", replay: true },
];

function driverOn(transport: FirmataDriverConfig["transport"], wired = points) {
  return createFirmataDriver({ id: "io", kind: "firmata", transport, samplingMs: 20, points: wired }, realMachine);
}

/** Its loops carry noise, so that its button is the input that moves. */
driverContract({
  name: "firmata (simulated plant)",
  hasLine: true,
  linkFollowsDevice: true,
  async make(): Promise<DriverRig> {
    const endpoint = { host: "127.0.0.1", port: 0 };
    const settings: BoardSettings = {
      id: "io",
      endpoint,
      loops: [{ id: "loop", pin: 0, pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700 }],
      buttons: [{ id: "panic", pin: 2, kind: "panic" }],
      relays: [{ id: "siren", pin: 17 }],
    };
    // A relay on an analog pin, which johnny-five takes for its channel.
    const wired = points.map((point) => (point.id === "siren" ? { ...point, pin: 17 } : point));
    const control = { host: "127.0.0.1", port: 0 };
    const world = createWorld(plantSettingsOf({ control, bollardControllers: [], boards: [settings] }));
    let board = await startBoard(settings, world);
    const port = board.port;
    return {
      driver: driverOn({ kind: "tcp", host: "127.0.0.1", port }, wired),
      inputs: ["loop", "panic"],
      input: "panic",
      states: [false, true],
      output: { point: "siren", orders: [true, false] },
      setInput: async (value) => world.apply({ kind: "button", id: "panic", pressed: value === true }),
      outputAtDevice: () => world.plant().relays["siren"] ?? null,
      breakLine: () => board.close(),
      freeze: async () => world.apply({ kind: "board", id: "io", trouble: "hangs" }),
      async resume() {
        if (world.plant().boards["io"]?.hangs) return world.apply({ kind: "board", id: "io", trouble: "resets" });
        board = await startBoard({ ...settings, endpoint: { ...endpoint, port } }, world);
      },
      sendRubbish: async () => world.apply({ kind: "board", id: "io", trouble: "noises" }),
      async dispose() {
        await board.close();
        world.close();
      },
    };
  },
});

/** Stray bytes, orders that no board sends, and answers about pins that are not there. */
const rubbish = [0x12, 0xff, 0x80, 0xe0, 0x7f, 0xf0, 0x6e, 0x7f, 1, 1, 0xf7, 0xf0, 0x79, 0xf7];

const cells = [
  { firmware: "2.5", kind: "tcp", missing: null },
  { firmware: "2.4", kind: "serial", missing: serialMissing() },
] as const;
describe.each(cells)("with StandardFirmata $firmware over $kind", ({ firmware, kind, missing }) => {
  if (missing !== null) return it.skip(missing);
  let uno: UnoProcess;
  beforeAll(async () => {
    uno = await startUno(firmware, kind);
  });
  afterAll(() => uno.end());

  driverContract({
    name: `firmata (StandardFirmata ${firmware}, ${kind})`,
    hasLine: true,
    linkFollowsDevice: true,
    async make(): Promise<DriverRig> {
      await uno.order({ op: "restore" });
      await uno.analog(0, 341);
      return {
        driver: driverOn(uno.transport),
        inputs: ["loop", "panic"],
        input: "loop",
        states: [341, 682],
        output: { point: "siren", orders: [true, false] },
        setInput: (value) => uno.analog(0, Number(value)),
        outputAtDevice: async () => (await uno.look(8)).output,
        breakLine: () => uno.order({ op: "cut" }),
        freeze: () => uno.order({ op: "freeze" }),
        async resume() {
          await uno.order({ op: "thaw" });
          await uno.order({ op: "mend" });
        },
        sendRubbish: () => uno.order({ op: "noise", bytes: rubbish }),
        dispose: async () => undefined,
      };
    },
  });
});
