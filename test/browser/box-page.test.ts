// The box's own page in a real Chromium against a whole box: reading without login on this machine, logging in, both languages,
// a narrow screen, the keyboard.

import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type SmallBox, startSmallBox } from "../contract/small-box.js";
import { putPeople } from "../support/box-people.js";

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;

describe.skipIf(skipReason !== "")(`the box's page${skipReason}`, () => {
  let browser: Browser;
  let box: SmallBox;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [browser, box] = await Promise.all([chromium.launch({ executablePath, args }), startSmallBox()]);
  });
  afterAll(async () => {
    await browser?.close();
    await box?.close();
  });
  beforeEach(async () => {
    faults = [];
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => faults.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith(box.url)) faults.push(request.url());
    });
    await page.goto(box.url);
    await page.getByRole("navigation", { name: "Sections" }).waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  it("tells on a box without people how to add the first", async () => {
    await page.getByText("portcullis commission people add").waitFor();
  });

  it("shows zones and barriers without login, on a screen of 360 px, in both languages", async () => {
    await page.getByText("Boom gate", { exact: true }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByText("道闸", { exact: true }).waitFor();
    await page.getByRole("link", { name: "点位" }).click();
    await page.getByText("尚未收到").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });

  it("is worked by keyboard: the section's content takes the focus", async () => {
    await page.getByRole("link", { name: "Points" }).focus();
    await page.keyboard.press("Enter");
    await page.locator("main#content[data-key=points]").waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("content");
  });

  it("has its sections in one line on a phone, the present one named and in sight, beside the way back", async () => {
    const line = page.getByRole("navigation", { name: "Sections" });
    await line.getByRole("link", { name: "Inventory" }).click();
    await line.locator("[aria-current=page]", { hasText: "Inventory" }).waitFor();
    expect((await line.boundingBox())?.height).toBeLessThan(72);
    for (const name of ["Inventory", "Gatehouse"]) {
      const box = await line.getByRole("link", { name }).boundingBox();
      expect(box?.x).toBeGreaterThan(0);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    }
  });

  it("logs a person in with name and PIN and out again", async () => {
    putPeople(box.dataDir, [{ name: "li", roles: ["operator"], pin: "739154" }]);
    await page.getByRole("button", { name: "Log in" }).click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill("li");
    await dialog.getByLabel("PIN").fill("111111");
    await dialog.getByRole("button", { name: "Log in" }).click();
    await dialog.getByRole("alert").getByText("Name or PIN is wrong.").waitFor();
    faults = faults.filter((fault) => !fault.includes("401"));
    await dialog.getByLabel("PIN").fill("739154");
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.locator(".person", { hasText: "li" }).waitFor();
    await page.reload();
    await page.locator(".person", { hasText: "li" }).waitFor();
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("button", { name: "Log in" }).waitFor();
  });
});
