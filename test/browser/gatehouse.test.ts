// The gatehouse in a real Chromium on a phone, against a whole box without a hub: an alarm from siren to reset, a lock-down until two
// persons stand it down, and one emergency vehicle.
import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { duressPin, type GateBox, pins, startGateBox } from "../contract/gate-box.js";
import { breachesInLooks } from "../support/accessibility.js";

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;

describe.skipIf(skipReason !== "")(`the gatehouse${skipReason}`, () => {
  let browser: Browser;
  let gate: GateBox;
  let context: BrowserContext;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [browser, gate] = await Promise.all([chromium.launch({ executablePath, args }), startGateBox()]);
  });
  afterAll(async () => {
    await browser?.close();
    await gate?.close();
  });
  beforeEach(async () => {
    faults = [];
    context = await browser.newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(gate.box.url)) faults.push(request.url());
    });
    await page.goto(gate.box.url);
    await page.getByRole("heading", { name: "Incidents" }).waitFor();
  });
  afterEach(async () => {
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await context.close();
    expect(faults).toEqual([]);
  });

  async function signIn(name: keyof typeof pins, pin: string = pins[name]): Promise<void> {
    await page.getByRole("button", { name: "Log in" }).first().click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill(name);
    await dialog.getByLabel("PIN").fill(pin);
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.locator(".person", { hasText: name }).waitFor();
  }

  const button = (name: string | RegExp) => page.getByRole("button", { name });
  const card = (name: string) => page.getByRole("region", { name });

  async function lockDown(): Promise<void> {
    await button("Lock down: Lane").click();
    await page.getByRole("dialog", { name: "Lock down Lane?" }).getByRole("button", { name: "Lock down now" }).click();
    await page.getByText("Held", { exact: true }).waitFor();
  }

  async function standDown(second: keyof typeof pins): Promise<void> {
    await button("Stand down · Lane").click();
    const dialog = page.getByRole("dialog", { name: "Stand down: Lane" });
    await dialog.getByLabel("Boom gate").check();
    await dialog.getByLabel("Second person's name").fill(second);
    await dialog.getByLabel("Second person's PIN").fill(pins[second]);
    await dialog.getByLabel("Reason").fill("all clear");
    await dialog.getByRole("button", { name: "Stand down" }).click();
    await page.getByText("Not closed: Boom gate").waitFor();
  }

  it("A-12: silences, acknowledges and resets an alarm, and says which zone it was", async () => {
    await signIn("li");
    gate.breakBeam();
    await page.getByRole("heading", { name: "Intrusion Fence" }).waitFor();
    await card("Zones").getByText("Beam blocked").waitFor();
    await page.getByRole("link", { name: "Gatehouse (1)" }).waitFor();
    expect(await page.title()).toMatch(/^\(1\) Gatehouse/);
    expect(await page.locator("#announcer").innerText()).toBe("New alarm: Intrusion Fence");
    // Names of sounders are as long as a site has them.
    expect(await page.evaluate("getComputedStyle(document.querySelector('.buttons > .tone.alert')).whiteSpace")).toBe(
      "normal",
    );
    await button("Silence · Siren").click();
    await page.getByText("Sounding: Siren").waitFor({ state: "hidden" });
    await button("Acknowledge · Intrusion Fence").click();
    await page.getByText("Acknowledged by li").waitFor();
    await button("Reset · Intrusion Fence").click();
    await page.getByText("Beam fence-1: Not normal.").waitFor();
    gate.quiet();
    await page.getByText("Beam blocked").waitFor({ state: "hidden" });
    await card("Zones").getByText("Normal again, waits for its reset").waitFor();
    await button("Reset · Intrusion Fence").click();
    await page.getByText("No incident is open.").waitFor();
  });

  it("A-33: locks down at one question, stands down for two persons only, and says what a technician may not", async () => {
    await button("Seal now?").click();
    await page.getByText(/Lane: yes, in \d+ s/).waitFor();
    await signIn("li");
    await lockDown();
    await button("Log out").click();
    await signIn("tech");
    await page.getByText("Stand down: not as Technician").waitFor();
    await page.getByText("Let an emergency vehicle pass: not as Technician").waitFor();
    await button("Log out").click();
    await signIn("li");
    await standDown("wang");
  });

  it("A-33: lets a vehicle pass with the time that is left, and has it signed off by a supervisor", async () => {
    await signIn("li");
    await lockDown();
    await button("Let an emergency vehicle pass · Boom gate").click();
    const dialog = page.getByRole("dialog", { name: "Let an emergency vehicle pass: Boom gate" });
    await dialog.getByLabel("Minutes").fill("1");
    await dialog.getByLabel("Reason").fill("ambulance");
    await dialog.getByRole("button", { name: "Let an emergency vehicle pass" }).click();
    await page.getByText(/Open for an emergency vehicle by li, 0:\d\d left/).waitFor();
    await card("Passes to be reviewed").getByText("It can be signed off when the lane is closed.").waitFor();
    await standDown("wang");
    await card("Passes to be reviewed").getByText("Sign off: not as Operator").waitFor();
    await button("Log out").click();
    await signIn("chen");
    await button(/^Sign off/).click();
    const review = page.getByRole("dialog", { name: /^Review box-W/ });
    await review.getByLabel("Finding").fill("seen");
    await review.getByRole("button", { name: "Sign off" }).click();
    await card("Passes to be reviewed").waitFor({ state: "hidden" });
  });

  it("A-01: tells what keeps an area from being armed, and offers an operator to inhibit the zone", async () => {
    await signIn("li");
    await button("Disarm · Fence").click();
    await page.getByRole("dialog", { name: "Disarm Fence?" }).getByRole("button", { name: "Disarm" }).click();
    gate.breakBeam();
    await card("Zones").getByText("Beam fence-1").waitFor();
    await button("Arm · Fence").click();
    await page.getByText("Fence cannot be armed:").waitFor();
    await button("Inhibit zone · Beam fence-1").click();
    const dialog = page.getByRole("dialog", { name: "Inhibit Beam fence-1?" });
    await dialog.getByLabel("Reason").fill("branch");
    await dialog.getByRole("button", { name: "Inhibit zone" }).click();
    await card("Zones").getByText("Inhibited by li: branch").waitFor();
    await button("Arm · Fence").first().click();
    await button("Disarm · Fence").waitFor();
    gate.quiet();
    await button("Disarm · Fence").click();
    await page.getByRole("dialog", { name: "Disarm Fence?" }).getByRole("button", { name: "Disarm" }).click();
    await page.getByText("Every zone is normal.").waitFor();
  });

  it("A-33: looks the same for a PIN under duress, in both languages", async () => {
    const shown = async () => {
      await button(/^Reset · Lock-down/).click();
      await page.getByText("No incident is open.").waitFor();
      return page.locator("main").innerText();
    };
    await signIn("li");
    await lockDown();
    await standDown("wang");
    const own = await shown();
    await button("Log out").click();
    await signIn("li", duressPin);
    await lockDown();
    await standDown("wang");
    expect(await shown()).toBe(own);
    await button("中文").click();
    await page.getByRole("heading", { name: "车道与阻车设施" }).waitFor();
    expect(await page.locator("main").innerText()).not.toMatch(/劫持|胁迫/);
  });

  it("is worked by keyboard alone: a lock-down is asked for, and the question holds the focus", async () => {
    await signIn("li");
    await button("Lock down: Lane").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Lock down Lane?" }).waitFor();
    expect(await page.evaluate("document.activeElement.closest('dialog') !== null")).toBe(true);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
  });

  it("keeps the rules of accessibility of others in every section, logged in and not, in every look", async () => {
    await signIn("chen");
    await lockDown();
    const links = page.getByRole("navigation", { name: "Sections" }).getByRole("link");
    const addresses = await links.evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    expect(addresses.length).toBeGreaterThan(8);
    const found: string[] = [];
    const see = async (what: string) =>
      found.push(...(await breachesInLooks(page)).map((breach) => `${what}: ${breach}`));
    for (const address of addresses) {
      await page.locator(`nav a[href="${address}"]`).click();
      await page.locator(`main#content[data-key="${address.split("#")[1]}"]`).waitFor();
      await page.locator("main", { hasText: "Reading ..." }).waitFor({ state: "detached" });
      await see(address);
    }
    await links.first().click();
    await button("Stand down · Lane").click();
    await see("question");
    await page.keyboard.press("Escape");
    await button("Log out").click();
    await see("gatehouse, nobody logged in");
    await button("Log in").first().click();
    await see("log in");
    expect(found).toEqual([]);
  });
});
