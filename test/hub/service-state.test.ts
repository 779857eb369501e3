// How the hub is, as its service manager hears it.
import { expect, it, vi } from "vitest";
import type { ServiceState } from "../../edge/machine/ports.js";
import { hubState, tellServiceManager } from "../../hub/service-state.js";

it.each([
  ["runs when nothing keeps it from its work", [], { ready: true, alive: true, status: "runs 运行中" }],
  [
    "waits for its broker, which a restart would not mend",
    ["broker-down"],
    { ready: false, alive: true, status: "waits 等待: broker-down" },
  ],
  ["shows no life when its ledger cannot be read", "ledger-unreadable", { ready: false, alive: false }],
] as const)("%s", (_what, reasons, expected) => {
  expect(hubState(reasons)).toMatchObject(expected);
});

it("says nothing while it waits for the ledger's answer", async () => {
  const heard: ServiceState[] = [];
  let answer: (reasons: readonly string[]) => void = () => undefined;
  const asked = vi.fn(() => new Promise<readonly string[]>((resolve) => (answer = resolve)));
  const end = tellServiceManager({ tell: (state) => heard.push(state) }, asked);
  expect(heard).toEqual([]);
  answer([]);
  await Promise.resolve();
  await vi.waitFor(() => expect(heard).toEqual([{ ready: true, alive: true, status: "runs 运行中" }]));
  end();
});
