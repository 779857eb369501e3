import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, initialDurable } from "../../../edge/incident/durable.js";
import type { Act } from "../../../edge/model/command.js";
import { type Fact, fact } from "../../../edge/model/fact.js";
import type { WriteRequest } from "../../../edge/model/point.js";
import type { Effect } from "../../../edge/model/state.js";
import type { TriggerName } from "../../../simulators/plant/trigger.js";
import { exampleSite, type Seen, VirtualSite } from "../../support/virtual-site.js";

const barriers = ["bollard-1", "bollard-2", "bollard-3"];
const triggers = [
  "beam-break",
  "panic",
  "vehicle-rush",
  "fire",
  "fire-clear",
  "bollard-jam",
  "bollard-free",
  "vehicle-on-loop",
  "vehicle-leaves",
  "vehicle-loop-lost",
  "vehicle-loop-mend",
  "lock-out",
  "lock-out-clear",
  "power-loss",
  "power-back",
] as const satisfies readonly TriggerName[];
const acts: readonly Act[] = [
  { kind: "lock-down", group: "all-lanes" },
  { kind: "stand-down", group: "all-lanes", barriers },
  { kind: "stand-down", group: "all-lanes", barriers: ["bollard-2"] },
  { kind: "silence" },
];

type Deed =
  | { readonly kind: "trigger"; readonly name: TriggerName }
  | { readonly kind: "act"; readonly act: Act }
  | { readonly kind: "reset" | "kill" | "reboot" | "cut-io" | "cut-bollards" | "siren-dead" };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...triggers).map((name) => ({ kind: "trigger", name }) as const) },
  { weight: 3, arbitrary: fc.constantFrom(...acts).map((act) => ({ kind: "act", act }) as const) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom("reset", "kill", "reboot", "cut-io", "cut-bollards", "siren-dead" as const)
      .map((kind) => ({ kind }) as Deed),
  },
);

function carryOut(site: VirtualSite, deed: Deed): void {
  switch (deed.kind) {
    case "trigger":
      site.trigger(deed.name);
      return;
    case "act":
      site.command(deed.act, ["wang", "li"]);
      return;
    case "reset":
      for (const incident of Object.keys(site.durable().incidents)) site.command({ kind: "reset", incident });
      return;
    case "kill":
      site.kill();
      site.run(1_500).start();
      return;
    case "reboot":
      site.kill();
      site.run(3_000);
      site.boot = `${site.boot}+`;
      site.mono -= 500_000;
      site.wallOffset += 500_000;
      site.start();
      return;
    case "cut-io":
      site.cutLine("io");
      site.run(700).mendLine("io");
      return;
    case "cut-bollards":
      site.cutLine("bollards");
      site.run(700).mendLine("bollards");
      return;
    case "siren-dead":
      if (!site.deadOutputs.delete("siren")) site.deadOutputs.add("siren");
  }
}

const isGood = (seen: Seen | undefined, value: boolean) => seen?.quality === "good" && seen.value === value;

type Shown = Readonly<Record<string, Seen>>;

/** What must hold of every single effect. */
function check(site: VirtualSite, effect: Effect, seen: Shown): void {
  if (effect.kind === "wake") checkWake(site, effect.at ?? Number.POSITIVE_INFINITY);
  if (effect.kind === "write") checkDemand(effect.request, seen);
  if (effect.kind === "append") checkClosed(effect.fact, seen);
}

function checkWake(site: VirtualSite, at: number): void {
  expect(at, "no wake in the past").toBeGreaterThan(site.mono);
  const open = site.steps().filter((step) => step.outcome === "open");
  for (const step of open) expect(at, "no deadline slept through").toBeLessThanOrEqual(step.deadlineAt.mono);
}

function checkDemand({ point, value }: WriteRequest, seen: Shown): void {
  const bollard = /^(b\d)-demand$/.exec(point)?.[1];
  if (bollard === undefined || value === "stop") return;
  expect(isGood(seen["lock-out-key"], false), "nothing moves while it is locked out").toBe(true);
  if (value === "open" || isGood(seen[`${bollard}-closed`], true)) return;
  expect(isGood(seen[`${bollard}-loop`], false), "nothing rises under a vehicle").toBe(true);
}

function checkClosed(known: Fact, seen: Shown): void {
  if (known.type !== "step.met" && known.type !== "step.completed") return;
  const bollard = /\/close\/bollard-(\d)/.exec(known.data.step)?.[1];
  if (bollard !== undefined) expect(isGood(seen[`b${bollard}-closed`], true), "closed by its contact alone").toBe(true);
}

describe("durable state", () => {
  it("holds what must always hold, whatever happens in whatever order", () => {
    const plan = fc.array(fc.tuple(deed, fc.integer({ min: 1, max: 60 })), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(plan, (deeds) => {
        const site = new VirtualSite(exampleSite("office"));
        let folded = initialDurable(site.config);
        let appended = 0;
        site.watch = (effect, seen) => check(site, effect, seen);
        site.run(6_000);
        for (const [each, waits] of deeds) {
          carryOut(site, each);
          site.run(waits * 100);
          for (const known of site.facts.slice(appended)) folded = fold(folded, JSON.parse(JSON.stringify(known)));
          appended = site.facts.length;
          expect(folded).toEqual(JSON.parse(JSON.stringify(site.durable())));
        }
        site.run(31_000);
        const open = site.steps().filter((step) => step.outcome === "open");
        expect(open, "every step is decided in the end").toEqual([]);
        const decided = site.of("step.decided").map(({ step }) => step.id);
        const ended = new Set(
          [...site.of("step.met"), ...site.of("step.missed"), ...site.of("step.cancelled")].map(({ step }) => step),
        );
        expect(decided.filter((id) => !ended.has(id))).toEqual([]);
      }),
      { numRuns: 8, seed: 20_261_122 },
    );
  });

  it("sounds within 5 s of a broken beam, or says that it missed", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(deed, fc.integer({ min: 1, max: 40 })), { maxLength: 4 }), (deeds) => {
        const site = new VirtualSite(exampleSite("office")).run(6_000);
        for (const [each, waits] of deeds) {
          carryOut(site, each);
          site.run(waits * 100);
        }
        site.run(6_000);
        const missedBefore = site.of("step.missed").length;
        const breached = site.of("zone.breached").length;
        site.trigger("beam-break");
        site.run(5_200);
        expect(site.of("zone.breached").length).toBeGreaterThan(breached);
        expect(site.relay("siren") || site.of("step.missed").length > missedBefore).toBe(true);
      }),
      { numRuns: 12, seed: 20_261_123 },
    );
  });

  it("remembers of a step that is decided again and again only the last, and never an open one less", () => {
    const site = new VirtualSite(exampleSite("office")).run(6_000);
    for (let round = 0; round < 4; round += 1) {
      site.trigger("beam-break");
      site.run(2_000);
      site.command({ kind: "silence" });
      site.run(500);
    }
    expect(site.of("step.decided").map(({ step }) => step.id.split("~")[1])).toEqual([undefined, "2", "3", "4"]);
    expect(site.steps().map((step) => step.id.split("~")[1])).toEqual(["4"]);
  });

  it("takes facts of things that it does not know, and of newer versions, without harm", () => {
    const empty = initialDurable(exampleSite("office").edges[0] as never);
    const at = { boot: "b", mono: 0, wall: 0, clock: "synchronised" } as const;
    const strange = [
      fact("step.met", "x", { step: "gone", incident: "gone", confirmedAt: at }),
      fact("incident.closed", "x", { incident: "gone", by: "wang" }),
      fact("lockdown.ended", "x", { group: "gone", barriers: ["gone"], by: [], reason: "" }),
      { type: "moon.risen", data: { level: 2 } } as never,
      { type: "toString", data: {} } as never,
    ];
    expect(strange.reduce(fold, empty)).toEqual(empty);
  });
});
