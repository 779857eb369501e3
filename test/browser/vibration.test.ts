// The section on vibration fibre in a real Chromium at the width of a phone, against a whole box whose fibre plays real recordings.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { openStore } from "../../edge/commissioning/vibration/store.js";
import { quietFor } from "../../scripts/recordings/signals.js";
import { addPeople, type Fibre, fibreZone, pins, playFibre, startFibreBox } from "../contract/fibre-box.js";
import type { SmallBox } from "../contract/small-box.js";
import { breachesOn } from "../support/accessibility.js";
import { attackOf, plainSettings, realQuiet, recordingOf } from "../support/fibre-recordings.js";

vi.setConfig({ testTimeout: 60_000 });

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;

describe.skipIf(skipReason !== "")(`the vibration page${skipReason}`, () => {
  let browser: Browser;
  let box: SmallBox;
  let fibre: Fibre;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    [browser, box] = await Promise.all([chromium.launch({ executablePath, args }), startFibreBox()]);
    fibre = await playFibre(box);
    addPeople(box.dataDir);
    const store = openStore(box.dataDir);
    const settings = { ...plainSettings, threshold: 30 };
    const made = [realQuiet(), attackOf("tap", "mac_far_new_sd_b16"), recordingOf("wind", quietFor(20))];
    for (const { head, ...rest } of made) await store.write({ head: { ...head, zone: fibreZone, settings }, ...rest });
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(box.url)) faults.push(request.url());
    });
    page.setDefaultTimeout(15_000);
    await page.goto(`${box.url}/#vibration`);
  });
  afterAll(async () => {
    await fibre?.close();
    await browser?.close();
    await box?.close();
    expect(faults).toEqual([]);
  });

  const width = () => page.evaluate("document.documentElement.scrollWidth");

  it("draws the level with its threshold as it comes, within 360 px", async () => {
    await page.getByText("Waiting for the first block").waitFor();
    await fibre.send(quietFor(12));
    await page.getByText(/Level [\d.]+ times the baseline, threshold [\d.]+ times/).waitFor();
    const drawing = page.getByRole("img", { name: /Vibration level over 60 s, 0 events/ });
    expect(await drawing.locator("polyline.threshold").getAttribute("points")).toMatch(/\d/);
    // It says nothing more.
    await page.getByText("No level is heard").waitFor();
    expect(await width()).toBe(360);
  });

  it("records a test after a login, and shows that it runs", async () => {
    await page.locator("select[name=label]").selectOption("wind");
    await page.getByRole("button", { name: "Start recording" }).click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill("tech");
    await dialog.getByLabel("PIN").fill(pins.tech);
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.getByText(/Recording Wind: .* \(tech\)/).waitFor();
    await fibre.send(quietFor(6));
    await page.getByRole("button", { name: "Stop and keep" }).click();
    await page.getByText(/stopped by hand/).waitFor();
    expect(await width()).toBe(360);
  });

  it("suggests settings with reasons, and shows old and new on the same recording", async () => {
    await page.getByRole("button", { name: "Suggest from the recordings" }).click();
    await page.getByText("proved on each recording").waitFor();
    await page.getByText(/softest of \d+ taps/).waitFor();
    const taps = page.locator("[data-key$='-tap']").first();
    await taps.getByRole("button", { name: "What if" }).click();
    await page.locator("input[name=threshold]").fill("4");
    await page.getByRole("button", { name: "Replay" }).click();
    const sides = page.locator(".side");
    await sides
      .nth(1)
      .getByText(/Fence cut at \d/)
      .first()
      .waitFor();
    expect(await sides.nth(0).locator("[data-key=alarms] li").count()).toBeLessThan(
      await sides.nth(1).locator("[data-key=alarms] li").count(),
    );
    expect(await breachesOn(page)).toEqual([]);
    expect(await width()).toBe(360);
  });

  it("speaks Chinese too", async () => {
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("heading", { name: "实时振动" }).waitFor();
    await page.getByText("建议可用").waitFor();
    await page
      .getByText(/剪切围栏，第/)
      .first()
      .waitFor();
    expect(await width()).toBe(360);
    await page.getByRole("button", { name: "English" }).click();
  });

  it("deletes a recording after asking, and by keyboard", async () => {
    const rows = page.locator("[data-key=list] tbody tr");
    const before = await rows.count();
    await rows.first().getByRole("button", { name: "Delete" }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).press("Enter");
    await rows.nth(before - 1).waitFor({ state: "detached" });
    expect(await rows.count()).toBe(before - 1);
  });

  it("stops asking the box when another section is shown", async () => {
    const ended = page.waitForEvent("requestfailed", (request) => request.url().includes("live?vibration="));
    await page.getByRole("link", { name: "Points" }).click();
    await page.locator("main#content[data-key=points]").waitFor();
    await ended;
    await page.getByRole("link", { name: "Vibration fibre" }).click();
    await page
      .getByRole("img", { name: /Vibration level/ })
      .first()
      .waitFor();
  });
});
