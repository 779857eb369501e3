// A person at the console's page: a real Chromium with a context of its own, in which any breach of the page's promises counts.
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { type ConsoleServer, startConsoleServer } from "./console-server.js";
import { barriers, edge, zones } from "./console-site.js";

const executablePath = "/usr/bin/chromium";
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why the page cannot be tested here; empty when it can. */
export const skipReason = existsSync(executablePath) ? "" : ` (skipped: no ${executablePath} here)`;
export const password = "a long enough password";

export interface Office {
  readonly hub: ConsoleServer;
  readonly page: Page;
  /** Another reader, who shares nothing with the first. */
  newPage(locale?: string): Promise<Page>;
}

/** Gives each test of the block around it an office and a page of its own; what `faults` collects fails the test. */
export function eachInOffice(begin: (office: Office) => void): void {
  let browser: Browser;
  let hub: ConsoleServer;
  let faults: string[];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath, args });
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    faults = [];
    hub = await startOffice();
    const newPage = (locale?: string) => openPage(browser, hub, faults, locale);
    begin({ hub, page: await newPage(), newPage });
  });
  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    await hub.close();
    expect(faults).toEqual([]);
  });
}

/** A stand-in hub that holds the office site, with an administrator `li`, a supervisor `wang` and an operator `chen`. */
async function startOffice(): Promise<ConsoleServer> {
  const hub = await startConsoleServer();
  hub.held.users.set("li", { password, role: "administrator" });
  hub.held.users.set("wang", { password, role: "supervisor" });
  hub.held.users.set("chen", { password, role: "operator" });
  hub.held.edges.set("gatehouse", edge);
  for (const zone of zones) hub.held.zones.set(zone.id, zone);
  for (const barrier of barriers) hub.held.barriers.set(barrier.id, barrier);
  return hub;
}

/** `faults` collects errors, breaches of the content policy, and requests to another host. */
async function openPage(browser: Browser, hub: ConsoleServer, faults: string[], locale = "en-GB"): Promise<Page> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (/content security/i.test(message.text())) faults.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(hub.url)) faults.push(request.url());
  });
  return page;
}

export async function signIn(reader: Page, hub: ConsoleServer, user: string): Promise<void> {
  await reader.goto(hub.url);
  await reader.locator("form[data-key=password] input[name=user]").fill(user);
  await reader.locator("form[data-key=password] input[name=password]").fill(password);
  await reader.locator("form[data-key=password] button").click();
  await reader.locator("header.head .tone.good").waitFor();
}
