// How the box is, for the service manager: ready as /healthz says it, alive while the controller is called when it asked to be.
import { type BoxStatus, healthOf, stalledAfterMs } from "../commissioning/status.js";
import type { ServiceState } from "../machine/ports.js";
import type { MonoMs } from "../model/time.js";

/** `wakeAt`: when the controller has asked to be called. A call that never came is a hang that no blind timer would notice. */
export function serviceStateOf(status: BoxStatus, wakeAt: MonoMs | null): ServiceState {
  const isCalled = wakeAt === null || status.now.mono <= wakeAt + stalledAfterMs;
  const { status: health, reasons, notes } = healthOf(status, isCalled ? 0 : Number.POSITIVE_INFINITY);
  const words = {
    ok: "guards 值守中",
    degraded: "degraded 降级",
    starting: "starting 启动中",
    stalled: "stalled 停滞",
  };
  return {
    ready: health === "ok" || health === "degraded",
    alive: isCalled,
    status: [words[health], [...reasons, ...notes].join(", ")].filter((part) => part !== "").join(": "),
  };
}
