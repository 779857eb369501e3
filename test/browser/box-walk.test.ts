// Walk test and guided tests on a phone, in a real Chromium against a whole box whose devices are played over MQTT.

import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Player, playDevice, type SmallBox, startSmallBox } from "../contract/small-box.js";
import { putPeople } from "../support/box-people.js";

vi.setConfig({ testTimeout: 60_000 });

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;
const clear = { beam: "clear", cover: "shut" };

describe.skipIf(skipReason !== "")(`testing on a phone${skipReason}`, () => {
  let browser: Browser;
  let box: SmallBox;
  let beam: Player;
  let gate: Player;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    const chirp = { kind: "annunciator", annunciator: "siren", ms: 200 } as const;
    [browser, box] = await Promise.all([
      chromium.launch({ executablePath, args }),
      startSmallBox({ change: (settings) => ({ ...settings, config: { ...settings.config, walkTest: { chirp } } }) }),
    ]);
    putPeople(box.dataDir, [{ name: "zhao", roles: ["technician"], pin: "739154" }]);
    beam = await playDevice(box.dataDir, box.site.broker, "beam");
    gate = await playDevice(box.dataDir, box.site.broker, "gate");
    beam.say(clear);
    gate.say({ closed: false, open: true, loop: false });
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([beam?.close(), gate?.close()]);
    await box?.close();
  });
  beforeEach(async () => {
    faults = [];
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    await page.goto(box.url);
    await page.getByRole("navigation", { name: "Sections" }).waitFor();
    await page.getByRole("button", { name: "Log in" }).click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill("zhao");
    await dialog.getByLabel("PIN").fill("739154");
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.locator(".person", { hasText: "zhao" }).waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  it("says of a box without a hub that it works alone by design", async () => {
    const card = page.getByRole("region", { name: "Hub" });
    await card.getByText("By design: no hub is configured for this box.").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("region", { name: "平台" }).getByText("独立运行").waitFor();
  });

  it("A-20: begins a walk test, ticks what was triggered with its times, and shows the results", async () => {
    await page.getByRole("link", { name: "Walk test" }).click();
    await page.getByRole("checkbox", { name: "Fence", exact: true }).check();
    expect(await page.getByRole("checkbox", { name: /Beam fence-1/ }).isChecked()).toBe(true);
    await page.getByLabel("Minutes").fill("5");
    await page.getByRole("button", { name: "Start walk test" }).click();
    await page.getByRole("heading", { name: "Left: 1 of 1" }).waitFor();
    await page.getByRole("timer").getByText("4:", { exact: false }).waitFor();
    beam.say({ ...clear, beam: "blocked" });
    await page.locator(".hit-name.hit", { hasText: /✓ Beam fence-1 · \d+ ms/ }).waitFor();
    await page.locator(".tick.hit", { hasText: "1 ×" }).waitFor();
    expect(gate.ordered("f/gate/siren")).toBeDefined();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await shot(page, "walk-running");
    beam.say(clear);
    await page.getByRole("button", { name: "End the test" }).click();
    await page.getByText("all triggered").first().click();
    await page.getByText(/1 × · worst \d+ ms · to the chirp \d+ ms/).waitFor();
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("button", { name: "开始步行测试" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await shot(page, "walk-results");
  });

  it("A-20: leads through the test of a beam, and says what was seen instead of its trigger", async () => {
    await page.getByRole("link", { name: "Guided tests" }).click();
    const choose = async () => page.getByRole("button", { name: "Test: Beam fence-1", exact: true }).click();
    await choose();
    await page.getByText("What will really happen").waitFor();
    await page.getByText("Perimeter alarm: Siren sounds").waitFor();
    await shot(page, "guided-plan");
    await page.getByRole("button", { name: "Everybody concerned is told: begin" }).click();
    await page.getByText("Trigger it now").waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await shot(page, "guided-act");
    beam.say({ ...clear, beam: "blocked" });
    await page.getByText("Put it back").waitFor();
    beam.say(clear);
    await page.getByText(/It took \d+ ms/).waitFor();
    await page.getByText("Counts as the zone's walk test").waitFor();
    await shot(page, "guided-passed");
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("listitem").filter({ hasText: "zhao" }).getByText("passed").waitFor();
    await shot(page, "guided-list");
    await choose();
    await page.getByRole("button", { name: "Everybody concerned is told: begin" }).click();
    await page.getByText("Trigger it now").waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped").waitFor();
  });
});

/** For whoever wants to look: only where a folder is named. */
async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env["PORTCULLIS_SHOTS"];
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
