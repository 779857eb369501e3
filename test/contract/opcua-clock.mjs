// A process of its own with the built OPC UA driver, for a test that sets this process's clock: tells what the driver tells.

import { createOpcuaDriver } from "../../.build/edge/field/opcua/driver.js";
import { createClock } from "../../.build/edge/machine/clock.js";
import { createTimer } from "../../.build/edge/machine/timer.js";

const { config, dataDir } = JSON.parse(process.argv[2]);
const clock = createClock();
const driver = createOpcuaDriver(config, { clock, timer: createTimer(), dataDir });
const tell = (kind) => (value, detail) => process.send({ kind, value, detail, mono: clock.mono(), wall: Date.now() });
process.on("message", (request) => driver.write(request));
process.on("disconnect", () => process.exit());
await driver.open({ sample: tell("sample"), result: tell("result"), link: tell("link"), trouble: tell("trouble") });
