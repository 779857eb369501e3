// How the hub is, for the service manager: ready as /healthz says it, alive while its ledger answers and this thread turns.
import type { Service, ServiceState } from "../edge/machine/ports.js";

const lookEveryMs = 1_000;

export function hubState(reasons: readonly string[] | "ledger-unreadable"): ServiceState {
  // A restart opens the ledger anew; nothing else that ails a hub is mended by one, and its broker has a supervisor of its own.
  if (reasons === "ledger-unreadable") return { ready: false, alive: false, status: `stalled 停滞: ${reasons}` };
  const ready = reasons.length === 0;
  return { ready, alive: true, status: ready ? "runs 运行中" : `waits 等待: ${reasons.join(", ")}` };
}

/** Looks each second and tells what it saw; the returned function ends it. */
export function tellServiceManager(service: Pick<Service, "tell">, look: () => Promise<readonly string[]>): () => void {
  let isLooking = false;
  const beat = async () => {
    if (isLooking) return;
    isLooking = true;
    service.tell(hubState(await look().catch(() => "ledger-unreadable" as const)));
    isLooking = false;
  };
  const beating = setInterval(() => void beat(), lookEveryMs);
  void beat();
  return () => clearInterval(beating);
}
