// What an operator looks up afterwards, in a real Chromium: who was let through a held lane and what the review says, and how
// long each zone took in its last walk test. In both languages, and on a phone.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { eachInOffice, signIn, skipReason } from "../support/console-reader.js";
import type { ConsoleServer } from "../support/console-server.js";
import { box, shifted, workOrder, zones } from "../support/console-site.js";

const now = new Date().toISOString();
const openedAt = shifted(now, -600_000);
const pass = { barrier: "service", by: "chen", reason: "Fire engine 京A0119", openedAt, closedAt: null };
const review = { ...workOrder, cause: "review", overdue: false, openedAt, pass };
const closed = { ...review, pass: { ...pass, closedAt: shifted(openedAt, 95_000) } };
const note = "Plate and escort checked with the fire station by telephone, nothing else passed.";
const done = { ...closed, number: "gatehouse-W6", state: "verified", by: "wang", note, verifiedAt: now } as const;

describe.skipIf(skipReason !== "")(`looking up on the console's page${skipReason}`, () => {
  let hub: ConsoleServer;
  let page: Page;
  eachInOffice((office) => ({ hub, page } = office));

  const card = (name: string) => page.locator(`section[data-key="${name}"]`);
  const shown = (name: string) => card(name).innerText();
  const fitsPhone = async (name: string) => {
    await page.setViewportSize({ width: 360, height: 740 });
    const folder = process.env["PORTCULLIS_TEST_PICTURES"];
    if (folder !== undefined) await card(name).screenshot({ path: `${folder}/${name}-phone.png` });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  };

  it("shows each pass with who, why and how long, first those that wait for a review, and the review's words", async () => {
    hub.held.workOrders.set(done.number, done);
    hub.held.workOrders.set(review.number, review);
    await signIn(page, hub, "wang");
    expect(await shown("passes")).toMatch(
      /Lane open[\s\S]*chen: Fire engine 京A0119[\s\S]*still open[\s\S]*Reviewed[\s\S]*open for 95 s[\s\S]*Review by wang/,
    );
    expect(await shown("passes")).toContain(note);
    const sign = page.getByRole("button", { name: /gatehouse-W7$/ });
    expect(await sign.count()).toBe(0);
    hub.push("work-order", closed);
    await card("passes").getByText("To be reviewed", { exact: true }).waitFor();
    await sign.click();
    await page.getByRole("dialog").locator("[name=note]").fill("Seen on the recording");
    await page.getByRole("dialog").locator("button[value=yes]").click();
    await expect
      .poll(() => [...hub.held.commands.values()].map(({ act }) => act))
      .toContainEqual({ kind: "work-order", number: "gatehouse-W7", to: "verified", note: "Seen on the recording" });
    await page.locator("button.language").click();
    await card("passes").getByText("待复核", { exact: true }).waitFor();
    expect(await shown("passes")).toMatch(/应急车辆放行与复核[\s\S]*开启 95 s[\s\S]*复核（wang/);
    await fitsPhone("passes");
  });

  it("shows how long each zone took in its last walk test, the slowest first", async () => {
    const tested = (id: string, latencyMs: number, heardMs: number | null) => {
      const zone = zones.find((known) => known.id === id);
      if (zone === undefined) throw new Error("no zone");
      return { ...zone, ...box, tested: { at: openedAt, cause: "fibre-cut", latencyMs, heardMs } as const };
    };
    hub.held.zones.set("fence-beam", tested("fence-beam", 120, null));
    await signIn(page, hub, "chen");
    hub.push("zone", tested("fence-fibre", 420, 1310));
    await card("exercises").getByText("Fence fibre: 0.42 s").waitFor();
    expect(await shown("exercises")).toMatch(
      /Times of the last walk tests[\s\S]*Fence fibre: 0\.42 s · to the sounder 1\.31 s[\s\S]*Fence beam: 0\.12 s/,
    );
    expect(await shown("areas")).toMatch(/Walk test .*: sensor to alarm 0\.42 s · to the sounder 1\.31 s/);
    await page.locator("button.language").click();
    await card("exercises").getByText("最近步行测试的时间").waitFor();
    expect(await shown("areas")).toMatch(/步行测试 .*触发到判定 0\.42 s · 到警号鸣响 1\.31 s/);
    await fitsPhone("exercises");
    await fitsPhone("areas");
  });
});
