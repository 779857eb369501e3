import type { Act } from "../../../edge/model/command.js";
import { exampleSite, VirtualSite } from "../../support/virtual-site.js";

export const lockDown = { kind: "lock-down", group: "all-lanes" } as const;
export const fixer = { roles: ["technician"], onSite: true } as const;
export const signEveryMs = 150;

/** The middle bollard is open; its entrance is disarmed unless it is said. */
export function office(armed = false): VirtualSite {
  const site = new VirtualSite(exampleSite("office")).run(10_000);
  if (!armed) for (const area of ["main-entrance", "service-entrance"]) site.command({ kind: "disarm", area });
  return site;
}

export function demandsOf(site: VirtualSite): string[] {
  const words: string[] = [];
  const demands = site.config.barriers.map(({ drive }) => (drive.kind === "demand" ? drive.point : ""));
  site.watch = (effect) => {
    if (effect.kind === "write" && demands.includes(effect.request.point)) words.push(String(effect.request.value));
  };
  return words;
}

export const fix = (site: VirtualSite, act: Act, issuers = ["tech"]) => site.command(act, issuers, fixer);
export const lockOut = { kind: "lock-out", barrier: "bollard-2", note: "seal of the cylinder" } as const;
export const clear = { kind: "clear-lock-out", barrier: "bollard-2" } as const;
export const holdUp = { kind: "hold-run", barrier: "bollard-2", direction: "close" } as const;
export const testUp = { kind: "test-run", barrier: "bollard-2", direction: "close", mode: "normal" } as const;
export const b2 = (site: VirtualSite) => {
  const bollard = site.plant.bollards["B2"];
  if (bollard === undefined) throw new Error("no bollard");
  return bollard;
};

/** Signs as a page gives them, each with the key of the last answer. */
export function hold(site: VirtualSite, ms: number): void {
  for (let passed = 0; passed < ms; passed += signEveryMs) {
    const now = site.driveRun("bollard-2");
    if (now === null) return;
    site.feed({ kind: "sign", run: now.id, key: now.key });
    site.run(signEveryMs);
  }
}
