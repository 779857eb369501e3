// The section Barriers of the box's page in a real Chromium at a phone's width: lock-out, a run's refusal, and a button that must be held.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { writePeople } from "../../edge/commissioning/people/people.js";
import { hashPin } from "../../edge/commissioning/people/pin.js";
import type { DrivesReply } from "../../edge/commissioning/questions/drives.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "../contract/small-box.js";
import { until } from "../support/until.js";

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;
const pin = "285306";
const secondPin = "739154";

/** Two persons open it. */
const withTwo = (text: string) => text.replace("afterStandDown: open", "afterStandDown: open\n        dualOpen: true");

describe.skipIf(skipReason !== "")(`barriers on the box's page${skipReason}`, () => {
  let browser: Browser;
  let box: SmallBox;
  let gate: Player;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [browser, box] = await Promise.all([
      chromium.launch({ executablePath, args }),
      startSmallBox({ rewrite: withTwo }),
    ]);
    gate = await playDevice(box.dataDir, box.site.broker, "gate");
    gate.say({ closed: false, open: true, loop: false });
    const made = { duressPin: null, disabled: false, changedBy: "test", changedAt: "2026-11-27T00:00:00Z" };
    // He is the only one of this site, so he disarms too.
    writePeople(box.dataDir, [
      { name: "tech", roles: ["technician", "operator"], pin: await hashPin(pin), ...made },
      { name: "zhao", roles: ["technician"], pin: await hashPin(secondPin), ...made },
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await gate?.close();
    await box?.close();
  });
  beforeEach(async () => {
    faults = [];
    const context = await browser.newContext({ locale: "en-GB", viewport: { width: 360, height: 740 } });
    page = await context.newPage();
    page.on("pageerror", (error) => faults.push(error.message));
    await page.goto(`${box.url}/#barriers`);
    await page.getByRole("heading", { name: "Test runs" }).waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  async function signIn(): Promise<void> {
    await page.getByRole("button", { name: "Log in" }).click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill("tech");
    await dialog.getByLabel("PIN").fill(pin);
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.locator(".person", { hasText: "tech" }).waitFor();
  }

  async function post(path: string, body: object, more: Readonly<Record<string, string>> = {}): Promise<Response> {
    const headers = { "content-type": "application/json", ...more };
    return fetch(`${box.url}/api/v1/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  }

  async function disarm(): Promise<void> {
    const { token } = (await (await post("sessions", { name: "tech", pin })).json()) as { readonly token: string };
    const order = { act: { kind: "disarm", area: "entrance" }, reason: "test" };
    expect((await post("commands", order, { authorization: `Bearer ${token}` })).status).toBe(200);
  }

  const relay = (value: string, id: "gate-close" | "gate-open" = "gate-close") =>
    until(`the drive is ${value}`, async () => gate.ordered(`f/gate/${id}`) === value);

  it("says what stands against a run, on a screen of 360 px, in both languages", async () => {
    await page.getByText("Entrance: Area armed, disarm it first").first().waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    expect(await page.getByRole("button", { name: "Hold to close" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "中文" }).click();
    await page
      .getByText(/出入口：区域已布防/)
      .first()
      .waitFor();
    await page.getByRole("button", { name: "按住关闭" }).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
  });

  it("locks the drive out with a note, shows who did, and lets him clear it", async () => {
    await signIn();
    await page.getByRole("button", { name: "Lock out" }).click();
    const dialog = page.getByRole("dialog", { name: "Lock out" });
    await dialog.getByLabel("What is being done").fill("new spring, both sides, and the whole of the counterweight");
    await dialog.getByRole("button", { name: "Lock out" }).click();
    await page.getByText(/Locked out by tech since/).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await page.getByRole("button", { name: "Clear lock-out" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Clear lock-out" }).click();
    await page.getByRole("button", { name: "Lock out" }).waitFor();
  });

  it("runs while a button is held, and stops when it is let go or when the page is left", async () => {
    await signIn();
    await disarm();
    const hold = page.locator("button[data-hold='boom/close']:not([disabled])");
    await hold.waitFor();
    await hold.scrollIntoViewIfNeeded();
    await hold.hover();
    await page.mouse.down();
    await relay("on");
    await page.locator(".hold[aria-pressed=true]").waitFor();
    await page.mouse.up();
    await relay("off");
    await page.getByText("Hold is over: let go").waitFor();
    await hold.hover();
    await page.mouse.down();
    await relay("on");
    await page.close();
    await relay("off");
    const { body: told } = await box.get("/api/v1/drives?barrier=boom");
    expect((told as DrivesReply).drives[0]?.runs.map(({ end }) => end)).toEqual(["released", expect.any(String)]);
  });

  it("asks for a second person's PIN before a hold that two must agree to, once for each hold", async () => {
    await signIn();
    gate.say({ closed: true, open: false, loop: false });
    const agree = page.getByRole("button", { name: "a second person agrees first" });
    await page.locator("button[data-key=agree]:not([disabled])").waitFor();
    await agree.click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reason").fill("arm sticks");
    await dialog.getByLabel("Second person's name").fill("zhao");
    await dialog.getByLabel("Second person's PIN").fill(secondPin);
    await dialog.getByRole("button", { name: "Agree" }).click();
    const hold = page.locator("button[data-hold='boom/open']");
    await hold.getByText(/Agreed, hold within \d+ s/).waitFor();
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    await hold.hover();
    await page.mouse.down();
    await relay("on", "gate-open");
    await page.mouse.up();
    await relay("off", "gate-open");
    await page.getByText("Hold is over: let go").waitFor();
    await agree.waitFor();
  });
});
