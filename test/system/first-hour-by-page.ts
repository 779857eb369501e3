// A technician's first hour by the box's page alone, in a real Chromium at the width of a phone. For first-hour.test.ts.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { SignedReport } from "../../edge/commissioning/report/bundle.js";
import { portcullis } from "../support/command-line.js";
import { door, type FirstHour, supervisor, technician } from "../support/first-hour.js";

export const chromiumPath = "/usr/bin/chromium";
const args = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
const width = 360;
/** Quiet that a suggestion needs, and a little more. */
const quietSeconds = /Recording Quiet: 2[2-9]/;

/** The steps, one after the other. */
export function byPage(hour: () => FirstHour): void {
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args });
    const context = await browser.newContext({ locale: "en-GB", viewport: { width, height: 740 } });
    page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => {
      if (!request.url().startsWith(hour().url)) faults.push(request.url());
    });
    page.on("response", (answer) => {
      if (answer.status() >= 500) faults.push(`${answer.status()} ${answer.url()}`);
    });
  });
  afterAll(async () => {
    await browser?.close();
    expect(faults).toEqual([]);
  });

  const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
  const card = (name: string | RegExp) => page.getByRole("region", { name });
  const visit = (section: string) => page.getByRole("link", { name: section, exact: true }).click();
  const fits = async () => expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);

  /** Looked at by whoever names a folder; each picture must fit the phone. */
  async function shot(name: string): Promise<void> {
    const folder = process.env["PORTCULLIS_SHOTS"];
    if (folder !== undefined) await page.screenshot({ path: join(folder, `hour-${name}.png`), fullPage: true });
    await fits();
  }

  async function signIn(): Promise<void> {
    await button("Log in").first().click();
    const dialog = page.getByRole("dialog", { name: "Log in" });
    await dialog.getByLabel("Name").fill(technician.name);
    await dialog.getByLabel("PIN").fill(technician.pin);
    await dialog.getByRole("button", { name: "Log in" }).click();
    await page.locator(".person", { hasText: technician.name }).waitFor();
  }

  async function record(label: "quiet" | "tap", seconds: number): Promise<void> {
    await visit("Vibration fibre");
    await page.locator("select[name=label]").selectOption(label);
    await page.locator("select[name=seconds]").selectOption(String(seconds));
    await button("Start recording").click();
    await page.getByText(/Recording (Quiet|Taps): /).waitFor();
  }

  async function runDrive(bollard: RegExp, way: "Close" | "Open", count: number): Promise<void> {
    await button(bollard).click();
    await button(way).click();
    await page.getByRole("dialog", { name: way }).getByRole("button", { name: "Run" }).click();
    const row = card("Measured times").or(page.locator("[data-key^=results-]")).first().getByRole("row");
    await row.filter({ hasText: `${way}Worst of the last ${count}` }).waitFor();
  }

  it.sequential("reads that a contact is the wrong way round, takes the setting that is offered, and sees it good", async () => {
    await page.goto(hour().url);
    await signIn();
    await visit("Points");
    await button(`Wiring and settings of ${door}-contact`).click();
    await page.getByText("normally open and normally closed are swapped").waitFor();
    await shot("wrong");
    await button("Try Contact at rest: closed").click();
    await page.getByText("Every check passes; it becomes revision 2.").waitFor();
    await page.getByLabel("Reason").fill("contact is normally closed");
    await button("Apply").click();
    await page.getByText("Revision 2 is in force.").waitFor();
    await page
      .getByText(/normally closed: at rest/)
      .first()
      .waitFor();
  });

  it.sequential("A-20: walks to the door ten times while quiet of the fence is recorded", async () => {
    await hour().play("quiet");
    await record("quiet", 30);
    await visit("Walk test");
    await page.getByRole("checkbox", { name: /Archive door/ }).check();
    await page.getByLabel("Minutes").fill("5");
    await button("Start walk test").click();
    await page.getByRole("heading", { name: "Left: 1 of 1" }).waitFor();
    await hour().swing(10);
    await page.locator(".tick.hit", { hasText: "10 ×" }).waitFor();
    await shot("walk");
    await button("End the test").click();
    await page.getByText("all triggered").first().click();
    await page.getByText(/10 × · worst \d+ ms · to the chirp \d+ ms/).waitFor();
    await visit("Vibration fibre");
    await page.getByText(quietSeconds).waitFor();
    await button("Stop and keep").click();
    await page.getByText(/stopped by hand/).waitFor();
  });

  it.sequential("times two bollards against datasheet and proof while blows on the fence are recorded", async () => {
    await hour().play("blows");
    await record("tap", 15);
    await visit("Barriers");
    await runDrive(/Bollard 1/, "Close", 1);
    await runDrive(/Bollard 2/, "Close", 1);
    await runDrive(/Bollard 1/, "Open", 1);
    await runDrive(/Bollard 1/, "Close", 2);
    const row = page.getByRole("row").filter({ hasText: "Worst of the last 2" });
    expect(await row.innerText()).toMatch(/1[01]\d\d ms\s.*1500 ms\s.*2\d\d\d ms\s.*Passed\s.*five are needed/s);
    await shot("barriers");
    await visit("Vibration fibre");
    await page.locator("tr", { hasText: "Taps" }).waitFor();
  });

  it.sequential("tunes the fence from its recordings: then blows alarm and quiet does not", async () => {
    await button("Suggest from the recordings").click();
    await page.getByText("proved on each recording").waitFor();
    await page.getByText(/softest of \d+ taps/).waitFor();
    await shot("fence");
    await button("Apply these settings").click();
    await page.getByRole("dialog").getByRole("button", { name: "Apply these settings" }).click();
    await page.getByText("In force as revision 3").waitFor();
    await visit("Gatehouse");
    await button("Arm · Perimeter").click();
    await button("Disarm · Perimeter").waitFor();
    await page.getByText("No incident is open.").waitFor();
    await hour().play("blows");
    await page.getByRole("heading", { name: "Intrusion Perimeter" }).waitFor();
    await shot("alarm");
    await button(/^Silence · /).click();
    await button("Disarm · Perimeter").click();
    await page.getByRole("dialog").getByRole("button", { name: "Disarm" }).click();
    await button("Reset · Intrusion Perimeter").click();
    await page.getByText("No incident is open.").waitFor();
  });

  it.sequential("hands over a report of what was tested, signed by two, printed in both languages and verified", async () => {
    await visit("Report");
    await card(/^Zones/)
      .getByRole("row", { name: /Archive door/ })
      .getByText("10 / 10")
      .waitFor();
    await card(/^Barriers/)
      .getByRole("row", { name: /Bollard 1 \(main, in\) / })
      .getByText("2 / 5")
      .waitFor();
    for (const { name, pin } of [technician, supervisor]) {
      const form = card(/^Signatures/);
      await form.getByLabel("Name").fill(name);
      await form.getByLabel("PIN").fill(pin);
      await form.getByRole("button", { name: "Sign" }).click();
      await form.getByText(new RegExp(`^${name} · `)).waitFor();
    }
    await page.getByText("Signed by two people.").waitFor();
    await shot("report");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Signed file" }).click(),
    ]);
    const file = join(hour().folder, "page.report.json");
    writeFileSync(file, readFileSync(await download.path()));
    const { content, state }: SignedReport = JSON.parse(readFileSync(file, "utf8"));
    expect(content.zones.find(({ id }) => id === door)).toMatchObject({ hits: 10, result: "passed" });
    expect(state).toMatchObject({ isSigned: true, trial: { daysLeft: 30 } });
    const key = join(hour().folder, "page.pub");
    writeFileSync(key, (await portcullis("journal", "public-key", hour().data)).out);
    const verified = await portcullis("commission", "report", "verify", file, "--public-key", key);
    expect(verified).toMatchObject({ code: 0, out: expect.stringContaining("李工, 王强") });
    for (const [language, words] of [
      ["zh", "档案室门磁"],
      ["en", "Archive door"],
    ] as const) {
      await page.goto(`${hour().url}/api/v1/report.html?lang=${language}`);
      await page.getByText(words).first().waitFor();
      const pdf = await page.pdf({ preferCSSPageSize: true });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    }
  });
}
