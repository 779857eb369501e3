// Points on a phone at the fence: a contact that is wired the wrong way round is explained, mended by a setting and seen good.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { settingsFiles } from "../../edge/model/revision.js";
import { type Player, playDevice, type SmallBox, startSmallBox } from "../contract/small-box.js";
import { breachesOn } from "../support/accessibility.js";
import { putPeople } from "../support/box-people.js";

// A change goes through the box's workers, which a loaded machine starts slowly.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 });

const executablePath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;
const width = 360;

const withDoor = (text: string) =>
  text
    .replace("kind: perimeter, armedAtStart: true", "kind: entrance, armedAtStart: false")
    .replace("kind: infrared-beam", "kind: door-contact")
    .replace("withinMs: 5000", "withinMs: 800")
    .replace(
      "    areas:",
      `          - { id: door-loop, direction: in, device: beam, topic: f/beam, payload: number, path: raw, latencyMs: 50 }
    areas:`,
    )
    .replace(
      "    barriers:",
      `      - { id: store, name: { zh: 库房门, en: Store door }, area: entrance, kind: door-contact, point: door-loop, filterMs: 100,
          loop: { pullUpOhms: 4700, endOhms: 10000, alarmOhms: 10000, fullScale: 1023, tolerance: 0.1 } }
    barriers:`,
    );

describe.skipIf(skipReason !== "")(`points and settings on the box's page${skipReason}`, () => {
  let browser: Browser;
  let box: SmallBox;
  let door: Player;
  let page: Page;
  let faults: string[];

  beforeAll(async () => {
    [browser, box] = await Promise.all([
      chromium.launch({ executablePath, args }),
      startSmallBox({ rewrite: withDoor }),
    ]);
    putPeople(box.dataDir, [
      { name: "li", roles: ["technician"], pin: "739154" },
      { name: "wang", roles: ["supervisor"], pin: "417390" },
    ]);
    door = await playDevice(box.dataDir, box.site.broker, "beam");
    door.say({ beam: "blocked", cover: "shut", raw: 512 });
  });
  afterAll(async () => {
    await browser?.close();
    await door?.close();
    await box?.close();
  });
  beforeEach(async () => {
    faults = [];
    const context = await browser.newContext({ locale: "en-GB", viewport: { width, height: 740 } });
    page = await context.newPage();
    page.setDefaultTimeout(45_000);
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      // What the box refuses stands in the browser's log too.
      if (!message.text().startsWith("Failed to load resource")) faults.push(message.text());
    });
    page.on("response", (answer) => {
      if (answer.status() >= 500) faults.push(`${answer.status()} ${answer.url()}`);
    });
    await page.goto(`${box.url}/#points`);
    await page.getByRole("button", { name: "Wiring and settings of beam-blocked" }).click();
    await page.getByRole("heading", { name: "Wiring · beam-blocked" }).waitFor();
  });
  afterEach(async () => {
    await page.context().close();
    expect(faults).toEqual([]);
  });

  const fits = async () => expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
  const shot = async (name: string) => {
    const folder = process.env["PORTCULLIS_SHOTS"];
    if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  };

  async function signIn(): Promise<void> {
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill("li");
    await dialog.getByLabel("PIN").fill("739154");
    await dialog.getByRole("button", { name: "Log in" }).click();
  }

  it("a change that the timing proof refuses is shown with its sum", async () => {
    await page.getByLabel("Filter (ms)").fill("400");
    await page.getByRole("button", { name: "Check" }).click();
    await signIn();
    await page.getByRole("heading", { name: "What it would do" }).waitFor();
    await page.getByText("It cannot be taken").waitFor();
    await page.getByText("filter of fence-1 400").first().waitFor();
    await fits();
    await shot("refused");
    expect(await breachesOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Discard" }).click();
    await page.getByRole("heading", { name: "What it would do" }).waitFor({ state: "detached" });
  });

  it("another maker's resistor is offered for each that may be it, with bounds and its bands over the live value", async () => {
    await page.getByRole("button", { name: "Back to the list" }).click();
    await page.getByRole("button", { name: "Wiring and settings of door-loop" }).click();
    await page.getByText("perhaps another maker's resistors").waitFor();
    const offers = page.locator(".offers > li");
    await offers
      .filter({ hasText: "Try End-of-line resistor: 4700 Ω (takes 1 to" })
      .getByText("from 4.23 kΩ to 5.17 kΩ")
      .waitFor();
    await offers.filter({ hasText: "Try Pull-up resistor: 10000 Ω" }).locator("svg .needle").waitFor();
    expect(await offers.count()).toBe(2);
    await fits();
    await shot("offers");
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByText("整个回路 4.23 kΩ 至 5.17 kΩ").waitFor();
    await fits();
  });

  it("a contact wired the wrong way round is explained, mended by the setting that the page offers, and good", async () => {
    await page.getByText("normally open and normally closed are swapped").waitFor();
    await page.getByText("How to test:").waitFor();
    await fits();
    await shot("wrong");
    await page.getByRole("button", { name: "Try Contact at rest: closed" }).click();
    await signIn();
    await page.getByText("Every check passes; it becomes revision 2.").waitFor();
    await page.getByLabel("Reason").fill("contact is normally closed");
    await fits();
    await shot("tried");
    await page.getByRole("button", { name: "Apply" }).click();
    await page.getByText("Revision 2 is in force.").waitFor();
    await page.getByText("at rest: as it should be").or(page.getByText("normally closed: at rest.")).first().waitFor();
    await page
      .getByText(/changed by li/)
      .first()
      .waitFor();
    await fits();
    await shot("good");
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByText("触发探测器，此处应变为动作。").waitFor();
    await fits();
    await shot("good-zh");
    expect(readFileSync(join(box.dataDir, settingsFiles.stored), "utf8")).toContain("normally: closed");
  });

  it("a change of a device that works a barrier asks for a second person", async () => {
    await page.getByLabel("Lost after silence of (ms)").fill("9000");
    await page.getByRole("button", { name: "Check" }).click();
    await signIn();
    await page.getByText("Two persons are needed").waitFor();
    await page.getByText("Boom gate works by this device").waitFor();
    await page.getByLabel("Reason").fill("slow device");
    await page.getByLabel("Second person's name").fill("wang");
    await page.getByLabel("Second person's PIN").fill("417390");
    await fits();
    await shot("two");
    await page.getByRole("button", { name: "Apply" }).click();
    await page
      .getByText(/changed by li, wang/)
      .first()
      .waitFor();
  });

  it("tells who changed what and why, and goes back to an earlier revision after its proof and with a second person", async () => {
    await page.getByRole("link", { name: "History" }).click();
    const revision = (n: number) =>
      page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: `Revision ${n}` }) });
    await revision(3).getByText("in force", { exact: true }).waitFor();
    await revision(2).getByText("Reason: contact is normally closed").waitFor();
    await revision(2)
      .getByText(/Beam fence-1 · Contact at rest: .+ → closed/)
      .waitFor();
    await revision(1).getByText("Not signed: it came as a file").waitFor();
    await fits();
    await shot("history");
    await page.getByRole("button", { name: "Check going back to revision 2" }).click();
    await signIn();
    await page.getByRole("heading", { name: "Back to revision 2" }).waitFor();
    await page.getByText("Every check passes; it becomes revision 4.").waitFor();
    await page.getByText(/Lost after silence of: 9000 ms → not set/).waitFor();
    await page.getByText("Boom gate works by this device").waitFor();
    await page.getByLabel("Reason").fill("device was mended");
    await page.getByLabel("Second person's name").fill("wang");
    await page.getByLabel("Second person's PIN").fill("417390");
    await fits();
    await shot("way-back");
    expect(await breachesOn(page)).toEqual([]);
    await page.getByRole("button", { name: "Apply" }).click();
    await revision(4).getByText("The content of revision 2 again").waitFor();
    await revision(4)
      .getByText(/^li, wang, /)
      .waitFor();
    expect(readFileSync(join(box.dataDir, settingsFiles.stored), "utf8")).not.toMatch(/\b9000\b/);
  });
});
