// Report and inventory on the box's page in a real Chromium, at the width of a phone and on paper, in both languages.

import { existsSync, readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type SmallBox, startSmallBox } from "../contract/small-box.js";
import { breachesOn } from "../support/accessibility.js";
import { putPeople } from "../support/box-people.js";

vi.setConfig({ testTimeout: 60_000 });

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;
const pins = { li: "739154", wang: "417390" } as const;

describe.skipIf(skipReason !== "")(`report and inventory on the box's page${skipReason}`, () => {
  let browser: Browser;
  let box: SmallBox;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [browser, box] = await Promise.all([chromium.launch({ executablePath, args }), startSmallBox()]);
    const people = Object.entries(pins).map(([name, pin]) => ({ name, roles: ["technician"] as const, pin }));
    putPeople(box.dataDir, people);
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
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  const width = () => page.evaluate("document.documentElement.scrollWidth");
  const region = (name: RegExp) => page.getByRole("region", { name });

  async function open(section: "report" | "inventory"): Promise<void> {
    await page.goto(`${box.url}/#${section}`);
    await page.locator(`main[data-key=${section}]`).waitFor();
  }

  async function logIn(): Promise<void> {
    await page.getByRole("button", { name: "Log in" }).click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill("li");
    await dialog.getByLabel("PIN").fill(pins.li);
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.locator(".person", { hasText: "li" }).waitFor();
  }

  async function sign(name: keyof typeof pins): Promise<void> {
    const form = region(/^Signatures/);
    await form.getByLabel("Name").fill(name);
    await form.getByLabel("PIN").fill(pins[name]);
    await form.getByRole("button", { name: "Sign" }).click();
    await form.getByText(new RegExp(`^${name} · `)).waitFor();
  }

  it("shows on a phone what is open, takes two signatures, and begins the trial run", async () => {
    await open("report");
    await region(/^Open points/)
      .getByText("Not tested enough")
      .click();
    await region(/^Open points/)
      .getByText("Siren")
      .first()
      .waitFor();
    await page.getByText("Nobody has signed yet").waitFor();
    await sign("li");
    await page.getByText("One more person must sign.").waitFor();
    expect(await breachesOn(page)).toEqual([]);
    await sign("wang");
    await page.getByText("Signed by two people.").waitFor();
    await region(/^Trial run/)
      .getByText("Days left")
      .waitFor();
    expect(await width()).toBe(360);
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByText("两名人员已签名。").waitFor();
    expect(await width()).toBe(360);
  });

  it("shows that signatures are void when the result of a check came", async () => {
    await open("report");
    await logIn();
    const form = region(/^Enter the result/);
    await form.getByLabel("Note").fill("95 dB");
    await form.getByRole("button", { name: "Enter the result of a check" }).click();
    await page.getByText("void: the content has changed since").first().waitFor();
    await region(/^Checks/)
      .getByText("passed")
      .waitFor();
  });

  it.each(["zh", "en"] as const)(
    "prints on A4 without login, every table within the paper, in %s",
    async (language) => {
      await page.setViewportSize({ width: 703, height: 1000 });
      await page.emulateMedia({ media: "print" });
      await page.goto(`${box.url}/api/v1/report.html?lang=${language}`);
      await page.getByRole("heading", { name: language === "zh" ? "未决事项" : "Open points" }).waitFor();
      expect(await width()).toBe(703);
      const border = await page.evaluate("getComputedStyle(document.querySelector('td')).borderTopStyle");
      expect(border).toBe("solid");
      expect(await breachesOn(page)).toEqual([]);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
      const [, paper = ""] = /MediaBox \[0 0 ([\d. ]+)\]/.exec(pdf.toString("latin1")) ?? [];
      expect(paper.split(" ").map((side) => Math.round(Number(side)))).toEqual([595, 842]);
    },
  );

  it("A-12: changes a device, gives the table out and takes it in again, on a phone", async () => {
    await open("inventory");
    await logIn();
    await page.getByRole("button", { name: "Change: Boom gate" }).click();
    const dialog = page.getByRole("dialog", { name: "Boom gate" });
    expect(await breachesOn(page)).toEqual([]);
    await dialog.getByLabel("Maker").fill("某厂");
    await dialog.getByLabel("Installed on").fill("2020-01-01");
    await dialog.getByLabel("Maintenance interval (days)").fill("180");
    await dialog.getByRole("button", { name: "Save" }).click();
    await region(/^Maintenance due/)
      .getByText("2020-06-29")
      .waitFor();
    expect(await width()).toBe(360);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export CSV" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("inventory-small-box-r1.csv");
    const csv = readFileSync(await download.path(), "utf8").replace("某厂", "另一厂");
    await page
      .getByLabel("Import CSV")
      .setInputFiles({ name: "i.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByText("1 devices saved").waitFor();
    await page.getByText("另一厂").waitFor();
  });

  it("names line and column of a table that cannot be taken", async () => {
    await open("inventory");
    await logIn();
    const buffer = Buffer.from("Device,Installed on\nbarrier:boom,soon\n");
    await page.getByLabel("Import CSV").setInputFiles({ name: "i.csv", mimeType: "text/csv", buffer });
    await page.getByText(/line 2, column 2: .*no day/).waitFor();
    faults = faults.filter((fault) => !fault.includes("400"));
  });
});
