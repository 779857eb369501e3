// The hub's broker as a program of its own, so that nothing that boxes send can end the hub. Started by the supervisor,
// which hands the settings over and whose end it does not survive.
import { startBroker } from "../../edge/broker/broker.js";
import { createClock } from "../../edge/machine/clock.js";
import { createTimer } from "../../edge/machine/timer.js";
import { roomRules } from "./rooms.js";
import type { BrokerSettings, FromBroker, ToBroker } from "./supervisor.js";
import { hubRules } from "./topics.js";

/** Intake may be busy for longer than a field device: a hub that reads a large ledger, or a machine that has much to do. */
const drainWithinMs = 10_000;
/** From the question for credentials to the answer; no disk or network lies between. */
const loginWithinMs = 500;

function tell(message: FromBroker): void {
  if (!process.connected) return;
  process.send?.(message, undefined, undefined, (error) => {
    // The hub is gone, and the broker with it.
    if (error !== null) process.exit();
  });
}

function start({ admission: first, ...settings }: BrokerSettings): void {
  let admission = first;
  const rules = settings.audience === "boxes" ? hubRules(settings.names, () => admission) : roomRules(settings.names);
  startBroker({
    ...settings,
    rules,
    ...(settings.audience === "boxes" && { drainWithinMs }),
    clock: createClock(),
    timer: createTimer(),
    onRefused: (code, detail, count) => tell({ kind: "refused", code, detail, count }),
    onConnected: (client, { certificateSerial: serial }) => tell({ kind: "connected", client, serial }),
    onDisconnected: (client) => tell({ kind: "disconnected", client }),
  }).then(
    (broker) => {
      const recheck = () => void broker.recheck();
      process.on("message", (message: ToBroker) => {
        if (message.kind !== "admission") return;
        ({ admission } = message);
        recheck();
        // Whoever was asked for his credentials before the change and let in after it.
        setTimeout(recheck, loginWithinMs);
      });
      tell({ kind: "listening", port: broker.port });
    },
    (error: unknown) => {
      tell({ kind: "failed", detail: error instanceof Error ? error.message : String(error) });
      process.exitCode = 1;
      process.disconnect();
    },
  );
}

process.once("message", (message: ToBroker) => {
  if (message.kind === "settings") start(message.settings);
});
// An interrupt at the terminal reaches both processes; the hub ends the broker when it has done with it.
process.on("SIGINT", () => undefined);
process.once("disconnect", () => process.exit());
