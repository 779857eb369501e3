// What the page offers besides alarms and lock-downs, in a real Chromium: postures, zones that are out, work orders, drills.
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Act } from "../../edge/model/command.js";
import type { EdgeView, StepView } from "../../hub/console/views.js";
import { deliveryTexts } from "../../hub/console/web/standing-texts.js";
import { texts } from "../../hub/console/web/texts.js";
import { eachInOffice, signIn, skipReason } from "../support/console-reader.js";
import type { ConsoleServer } from "../support/console-server.js";
import { alarm, barriers, box, edge, incident, shifted, workOrder, zones } from "../support/console-site.js";

const shown = async (place: Locator) => (await place.allInnerTexts()).join(" ");
const hourMs = 3_600_000;
const later = new Date(Date.now() + hourMs).toISOString();
const drill = { id: "Spring drill", zones: ["fence-fibre"], by: "wang", since: later, until: later, suspendedBy: null };

describe.skipIf(skipReason !== "")(`orders from the console's page${skipReason}`, () => {
  let hub: ConsoleServer;
  let page: Page;
  eachInOffice((office) => ({ hub, page } = office));

  const ordered = () => [...hub.held.commands.values()].map(({ act }) => act);
  const dialog = () => page.getByRole("dialog");
  const field = (name: string) => dialog().locator(`[name=${name}]`);
  const confirm = () => dialog().locator("button[value=yes]").click();
  const press = (name: string) => page.getByRole("button", { name, exact: true }).click();
  const isOrdered = (act: Act) => expect.poll(ordered).toContainEqual(act);
  const hold = (part: Partial<EdgeView>) => hub.held.edges.set("gatehouse", { ...edge, ...part });

  it("A-22: changes the posture with issuer and reference, and asks for the leader in level 1", async () => {
    await signIn(page, hub, "wang");
    await press(texts.changePosture.en);
    expect(await field("leader").isVisible()).toBe(false);
    await field("level").selectOption("level-1");
    await field("issuer").fill("City office");
    await confirm();
    expect(hub.held.commands.size).toBe(0);
    await field("reference").fill("2026-17");
    await confirm();
    expect(hub.held.commands.size).toBe(0);
    await field("leader").fill("Zhou");
    await confirm();
    const told = { issuer: "City office", reference: "2026-17", leader: "Zhou" };
    await isOrdered({ kind: "set-posture", level: "level-1", ...told });

    const since = new Date().toISOString();
    hub.push("edge", { ...edge, posture: { level: "level-1", ...told, by: "wang", since } });
    const strip = page.locator("section.strip");
    await strip.getByText("Posture: Level 1").waitFor();
    expect(await shown(strip)).toMatch(/City office 2026-17, by wang[\s\S]*Leader on duty Zhou[\s\S]*None/);
  });

  it("A-22: offers a change of posture only to those who may order it", async () => {
    await signIn(page, hub, "chen");
    expect(await page.getByRole("button", { name: texts.changePosture.en }).count()).toBe(0);
    expect(
      await page.getByRole("button", { name: texts.openNamed.en.replace("{barrier}", "Service bollard") }).count(),
    ).toBe(0);
  });

  it("takes a zone out in the way that is chosen, says for how long and by whom, and puts it back", async () => {
    await signIn(page, hub, "wang");
    await press("Take out: Fence beam");
    expect(await field("hours").isVisible()).toBe(false);
    await field("how").selectOption("isolate-for");
    await field("hours").fill("3");
    await field("reason").fill("Works");
    await confirm();
    await isOrdered({ kind: "isolate", zone: "fence-beam", forMs: 3 * hourMs });

    const [, beam] = zones;
    if (beam === undefined) throw new Error("no zone");
    const out = { how: "isolated", by: ["wang"], reason: "Works", until: later, guard: null } as const;
    hub.push("zone", { ...beam, out });
    await page.getByText(/Isolated by wang: Works · until/).waitFor();
    await press("Put back: Fence beam");
    await isOrdered({ kind: "reinstate", zone: "fence-beam" });
  });

  it("takes a panic button out for repair only, with a guard, when a second person agrees", async () => {
    await signIn(page, hub, "wang");
    await press("Take out: Panic button");
    expect(await field("how").locator("option").allInnerTexts()).toEqual([texts.repairHow.en]);
    await field("guard").fill("Chen");
    await field("reason").fill("Loose contact");
    await confirm();
    await page.locator("section.pending").getByText(texts.askedByYou.en).waitFor();
    expect(ordered()).toEqual([{ kind: "take-out-for-repair", zone: "panic", guard: "Chen", forMs: 8 * hourMs }]);
  });

  it("says why an area cannot be armed, at the order and at the area", async () => {
    const name = { zh: "传达室门磁", en: "Gatehouse door" };
    const text = { zh: "未恢复正常", en: "Not normal" };
    const obstacles = [{ subject: "gatehouse-door", why: "not-normal", name, text }] as const;
    hub.held.refusals.set("arm", { code: "arming.prevented", obstacles });
    const [fence, gate] = edge.areas;
    if (fence === undefined || gate === undefined) throw new Error("no areas");
    const failed = { at: new Date().toISOString(), by: "schedule", obstacles };
    hold({ areas: [fence, { ...gate, failed }] });
    await signIn(page, hub, "chen");
    const area = page.locator('[data-key="demo-office/gatehouse/gate"]');
    expect(await shown(area)).toMatch(/Could not be armed \(schedule\):\s*Gatehouse door: Not normal/);
    await area.getByRole("button", { name: texts.arm.en }).click();
    await field("reason").fill("Night");
    await confirm();
    const notice = page.locator(".notice.refused");
    await notice.getByText("Gatehouse door: Not normal").waitFor();
    await page.locator('section[data-key="commands"]').getByText("Gatehouse door: Not normal").waitFor();
  });

  it("A-30: offers to ask a second person when the box wants two", async () => {
    hub.held.refusals.set("open", { code: "command.needs-two-persons", obstacles: [] });
    hub.push("barrier", { ...(barriers[2] ?? fail()), state: "closed" });
    hub.held.barriers.set("service", { ...(barriers[2] ?? fail()), state: "closed" });
    await signIn(page, hub, "wang");
    await press("Open: Service bollard");
    await field("reason").fill("Delivery");
    await confirm();
    await press("Ask a second person: Open barrier · Service bollard");
    await page.locator("section.pending").getByText("Open barrier · Service bollard").waitFor();
    expect([...hub.held.commands.values()].map(({ state }) => state)).toEqual(["refused", "awaiting-approval"]);
  });

  it("lets an emergency vehicle pass a held lane, and shows until when", async () => {
    await signIn(page, hub, "chen");
    await press("Let pass an emergency vehicle: Main entry bollard");
    await field("minutes").fill("3");
    await field("reason").fill("Ambulance");
    await confirm();
    await isOrdered({ kind: "let-pass", barrier: "main-in", forMs: 180_000 });
    const pass = { until: later, by: "chen", reason: "Ambulance", incident: "incident-1" };
    hub.push("barrier", { ...(barriers[0] ?? fail()), pass });
    await page.getByText(/Open for an emergency vehicle until .* \(chen\)/).waitFor();
  });

  it("A-36: moves a work order to what comes next, and drops it from the list when it is accepted", async () => {
    hub.held.workOrders.set(workOrder.number, workOrder);
    await signIn(page, hub, "chen");
    const card = page.locator('section[data-key="work-orders"]');
    expect(await shown(card)).toMatch(/Service bollard[\s\S]*Open[\s\S]*Drive fault[\s\S]*Overdue/);
    await press("Assign: gatehouse-W7");
    await field("note").fill("to Zhao");
    await confirm();
    await isOrdered({ kind: "work-order", number: "gatehouse-W7", to: "assigned", note: "to Zhao" });
    hub.push("work-order", { ...workOrder, state: "fixed", by: "zhao", note: "new relay" });
    await card.getByText("zhao: new relay").waitFor();
    await page.getByRole("button", { name: "Verify: gatehouse-W7" }).waitFor();
    hub.push("work-order", { ...workOrder, state: "verified" });
    await card.waitFor({ state: "detached" });
  });

  it("A-30: shows which round is left out, and takes its stamp", async () => {
    const round = { ...box, id: "round", name: { zh: "设备巡检", en: "Equipment round" }, kind: "inspection" } as const;
    hold({ duties: [{ ...round, lastDoneAt: null, lastDoneBy: null, dueAt: later, missed: true }] });
    await signIn(page, hub, "chen");
    expect(await shown(page.locator('section[data-key="duties"]'))).toMatch(
      /Equipment round[\s\S]*Missed[\s\S]*Due by/,
    );
    await press("Done: Equipment round");
    await confirm();
    await isOrdered({ kind: "duty-done", duty: "round", note: "" });
  });

  it("A-14: starts a drill of chosen zones, and stands over everything as long as it runs", async () => {
    await signIn(page, hub, "wang");
    await press(texts.startDrill.en);
    await field("drill").fill("Spring drill");
    await confirm();
    expect(hub.held.commands.size).toBe(0);
    await dialog().getByLabel("Fence fibre").check();
    await confirm();
    await isOrdered({ kind: "start-drill", drill: "Spring drill", zones: ["fence-fibre"], forMs: hourMs });

    const now = new Date().toISOString();
    hub.held.incidents.set("incident-1", { ...incident(now), exercise: true });
    hub.push("edge", { ...edge, drill });
    hub.push("alarm", alarm("a1", now, { exercise: true }));
    const banner = page.locator(".banner.exercise");
    await banner.getByText(texts.drillRuns.en, { exact: true }).waitFor();
    expect(await shown(banner)).toContain("Only what these zones cause is exercise: Fence fibre");
    expect(await shown(page.locator('li.alarm[data-key="a1"] .tag'))).toContain("Exercise");
    await page.goto(`${hub.url}/#incident/incident-1`);
    await page.locator(".incident .tag.exercise").first().waitFor();
    expect(await banner.isVisible()).toBe(true);

    hub.push("edge", { ...edge, drill: { ...drill, suspendedBy: "panic" } });
    await page.getByText("Panic button. Everything from now on is real.").waitFor();
    hub.push("edge", edge);
    await page.locator(".banner", { hasText: "real" }).waitFor({ state: "detached" });
  });

  it("shows what is still to be walked in a walk test", async () => {
    const walkTest = { zones: ["fence-fibre", "panic"], tested: ["panic"], by: "wang", until: later };
    hold({ walkTest });
    await signIn(page, hub, "chen");
    const card = page.locator('section[data-key="exercises"]');
    expect(await shown(card)).toMatch(/1 of 2 triggered[\s\S]*Still to trigger: Fence fibre/);
    await press(texts.endWalkTest.en);
    await isOrdered({ kind: "end-walk-test" });
  });

  it("A-47, A-51: shows what was delivered by which channel, and stamps what a person has done", async () => {
    const at = shifted(new Date().toISOString(), -20_000);
    const { steps, ...rest } = incident(at);
    const [first] = steps;
    if (first === undefined) throw new Error("no step");
    const step = (id: string, part: Partial<StepView>): StepView => ({ ...first, id, confirmedAt: null, ...part });
    const notify = (channel: string) => ({ kind: "notify", channel }) as const;
    const task = { zh: "清点人数", en: "Count heads" };
    const radio = { target: "radio", targetName: { zh: "对讲机", en: "Radio" }, action: notify("radio") };
    const sms = { target: "sms", targetName: { zh: "短信", en: "Text message" }, action: notify("sms") };
    const report = { kind: "report", task, everyMs: null } as const;
    const all = [
      step("n1", { ...radio, outcome: "met", confirmedAt: shifted(at, 900) }),
      step("n2", { ...sms, outcome: "missed", reason: "not-delivered" }),
      step("r1", { action: report, target: "person", targetName: task, outcome: "open" }),
    ];
    hub.held.incidents.set("incident-1", { ...rest, steps: all });
    await signIn(page, hub, "chen");
    await page.goto(`${hub.url}/#incident/incident-1`);
    const row = (name: string) => page.locator(".incident tbody tr", { hasText: name }).first();
    await row("Radio").getByText(deliveryTexts.met.en, { exact: true }).waitFor();
    expect(await shown(row("Text message"))).toMatch(/Not delivered in time[\s\S]*Not delivered/);
    await press("Report as done: Count heads");
    await isOrdered({ kind: "report", step: "r1" });
    expect(await page.getByRole("button", { name: /^Report as done/ }).count()).toBe(1);
  });

  it("always shows accepted deviations, the availability and what the self-test found", async () => {
    const finding = { subject: "siren", why: "sounder-not-good", name: { zh: "警号", en: "Siren" } } as const;
    const findings = [{ ...finding, text: { zh: "警号异常", en: "Sounder not good" } }];
    const signedBy = [{ name: "Zhou", on: "2026-05-01" }];
    const deviation = { response: "lock-down", step: "close", target: "service", worstMs: 34_000, reason: "Old drive" };
    const selfTest = { at: later, by: "clock", availability: 0.9987, findings };
    hold({ deviations: [{ ...deviation, signedBy }], selfTest });
    await signIn(page, hub, "chen");
    expect(await shown(page.locator('section[data-key="boxes"]'))).toMatch(/99\.87 %[\s\S]*Siren: Sounder not good/);
    expect(await shown(page.locator('section[data-key="deviations"]'))).toMatch(/34\.0 s[\s\S]*Zhou 2026-05-01/);
  });

  it.each(["light", "dark"] as const)(
    "fits a phone, and can be looked at, when everything happens at once in %s",
    async (colorScheme) => {
      const now = new Date().toISOString();
      hub.held.workOrders.set(workOrder.number, workOrder);
      hub.held.alarms.set("a1", alarm("a1", now, { exercise: true }));
      const decree = { issuer: "市反恐办", reference: "2026-17", by: "wang", since: now };
      hold({
        drill,
        posture: { level: "level-1", leader: "Zhou", ...decree },
        risk: { colour: "red", ...decree },
        walkTest: { zones: ["panic"], tested: [], by: "wang", until: later },
      });
      await page.emulateMedia({ colorScheme });
      await signIn(page, hub, "wang");
      const folder = process.env["PORTCULLIS_TEST_PICTURES"];
      const look = async (name: string) => {
        if (folder !== undefined)
          await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png`, fullPage: true });
      };
      await page.locator("section.strip").waitFor();
      await look("wide");
      await page.locator("button.language").click();
      await page.getByText(texts.drillRuns.zh, { exact: true }).first().waitFor();
      await look("chinese");
      await page.locator("button.language").click();
      await press(texts.changePosture.en);
      await look("posture");
      await page.keyboard.press("Escape");
      await page.setViewportSize({ width: 360, height: 740 });
      await look("phone");
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    },
  );
});

function fail(): never {
  throw new Error("not in the site");
}
