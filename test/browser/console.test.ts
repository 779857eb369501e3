// The hub's page in a real Chromium against a stand-in hub: what an operator sees and does, from first sign-in on.
import type { Locator, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { alarmStateTexts, texts } from "../../hub/console/web/texts.js";
import { breachesInLooks } from "../support/accessibility.js";
import { eachInOffice, type Office, password, signIn as signInAt, skipReason } from "../support/console-reader.js";
import type { ConsoleServer } from "../support/console-server.js";
import { alarm, incident, shifted, timeline, workOrder } from "../support/console-site.js";

/** Product, languages, people, ids and types of records: the same in every language. */
const allowedLatin =
  /Portcullis|English|li$|wang|chen|demo-office|perimeter-alarm|lock-down|fence-fibre|incident-1|[a-z]+\.[a-z-]+|(alarm|state)\/\d+|\{[\s\S]*\}/g;

/** All texts of the page that a reader can see or hear; runs in the page. */
const collectWords = `(() => {
  const page = document.querySelector("#page");
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const words = [];
  while (walker.nextNode()) words.push(walker.currentNode.textContent);
  const names = ["aria-label", "title", "placeholder", "data-label"];
  for (const element of page.querySelectorAll("*")) words.push(...names.map((name) => element.getAttribute(name) ?? ""));
  return words.filter((word) => word.trim() !== "");
})()`;
const wordsOn = (reader: Page) => reader.evaluate<string[]>(collectWords);

/** What a person reads there. */
const shown = async (place: Locator) => (await place.allInnerTexts()).join(" ");

describe.skipIf(skipReason !== "")(`the console's page${skipReason}`, () => {
  let hub: ConsoleServer;
  let page: Page;
  let newPage: Office["newPage"];
  eachInOffice((office) => ({ hub, page, newPage } = office));

  const signIn = (reader: Page, user: string) => signInAt(reader, hub, user);
  const alarmRow = (id: string) => page.locator(`li.alarm[data-key="${id}"]`);

  it("opens with the one-time code of the address, demands a password, and lets a second person be added", async () => {
    await page.goto(`${hub.url}/?code=${hub.code}`);
    expect(new URL(page.url()).search).toBe("");
    expect(await page.locator("input[name=code]").inputValue()).toBe(hub.code);
    await page.locator("form[data-key=code] button").click();

    await page.locator("input[name=password]").fill(password);
    await page.locator("input[name=repeat]").fill(`${password}!`);
    await page.getByRole("button", { name: texts.save.en }).click();
    await page.getByText(texts.passwordsDiffer.en).waitFor();
    await page.locator("input[name=repeat]").fill(password);
    await page.getByRole("button", { name: texts.save.en }).click();
    await page.getByText(texts.live.en, { exact: true }).waitFor();

    await page.getByRole("link", { name: texts.people.en }).click();
    await page.locator("input[name=user]").fill("zhao");
    await page.locator("select[name=role]").selectOption("operator");
    await page.locator("input[name=password]").fill(password);
    await page.locator("input[name=repeat]").fill(password);
    await page.getByRole("button", { name: texts.save.en }).click();
    await page.getByText("“zhao” was added.").waitFor();
    expect(hub.held.users.get("zhao")?.role).toBe("operator");

    await page.reload();
    await page.getByText(texts.live.en, { exact: true }).waitFor();
    const stored = await page.evaluate("JSON.stringify({ ...localStorage, ...sessionStorage })");
    expect(stored).not.toMatch(/token|[0-9a-f]{8}-[0-9a-f]{4}/);
  });

  it("shows an alarm as it arrives, announces it, and acknowledges it", async () => {
    await signIn(page, "li");
    await page.getByText(texts.noAlarms.en).waitFor();
    const fence = alarm("a1", new Date().toISOString());
    hub.held.alarms.set(fence.id, fence);
    hub.push("alarm", fence);

    await alarmRow("a1").getByText(alarmStateTexts.unacknowledged.en).waitFor();
    expect(await shown(alarmRow("a1").locator("h3"))).toBe("Fence fibre: Fence cut");
    expect(await shown(alarmRow("a1"))).toContain("North fence · Fence fibre");
    expect(await shown(page.locator("#announcer"))).toContain("Fence fibre: Fence cut");
    expect(await page.title()).toMatch(/^\(1\)/);

    await alarmRow("a1").getByRole("button", { name: "Acknowledge: Fence fibre: Fence cut" }).press("Enter");
    await alarmRow("a1").getByText("Acknowledged by li").waitFor();
    expect(hub.held.alarms.get("a1")?.acknowledgedBy).toBe("li");
    expect(await page.title()).not.toContain("(");
  });

  it("puts what is unacknowledged first, then the top priority, then the newest, and acknowledges an incident at once", async () => {
    const now = new Date().toISOString();
    const seen = { state: "acknowledged", acknowledgedBy: "wang", acknowledgedAt: now } as const;
    const rows = [
      alarm("old-low", shifted(now, -60_000), { priority: 3 }),
      alarm("seen-top", now, { priority: 1, incident: null, ...seen }),
      alarm("older-top", shifted(now, -9_000), { priority: 1 }),
      alarm("newer-top", shifted(now, -2_000), { priority: 1 }),
    ];
    for (const row of rows) hub.held.alarms.set(row.id, row);
    await signIn(page, "li");
    const order = () => page.locator("li.alarm").evaluateAll((all) => all.map((row) => row.getAttribute("data-key")));
    expect(await order()).toEqual(["newer-top", "older-top", "old-low", "seen-top"]);

    await page.getByRole("button", { name: "Acknowledge all 3 of this incident" }).click();
    await page.getByText(texts.alarmsAllSeen.en).waitFor();
    expect([...hub.held.alarms.values()].map(({ state }) => state)).toEqual(Array(4).fill("acknowledged"));
  });

  it("tells priorities apart by shape and word, not by colour alone", async () => {
    const now = new Date().toISOString();
    for (const priority of [1, 2, 3, 4] as const)
      hub.held.alarms.set(`p${priority}`, alarm(`p${priority}`, now, { priority }));
    await signIn(page, "li");
    const marks = page.locator("li.alarm .priority");
    const shapes = await marks.locator("path").evaluateAll((all) => all.map((path) => path.getAttribute("d")));
    expect(new Set(shapes).size).toBe(4);
    expect(await marks.locator(".unseen").allInnerTexts()).toEqual([
      "Priority 1: Critical",
      "Priority 2: High",
      "Priority 3: Medium",
      "Priority 4: Low",
    ]);
  });

  it("changes every word with the language, remembers it, and starts with the browser's", async () => {
    const at = shifted(new Date().toISOString(), -40_000);
    const at1 = alarm("a1", at);
    hub.held.alarms.set("a1", at1);
    hub.held.incidents.set("incident-1", incident(at));
    hub.held.timelines.set("incident-1", timeline(at));
    await signIn(page, "li");
    for (const hash of ["#", "#people", "#incident/incident-1"]) {
      await page.goto(`${hub.url}/${hash}`);
      await page.locator(".beside > *").first().waitFor();
      if (hash.startsWith("#incident")) await page.locator(".bars").waitFor();
      expect(
        (await wordsOn(page)).filter((word) => /\p{Script=Han}/u.test(word) && word !== texts.switchLanguage.en),
      ).toEqual([]);
      await page.locator("button.language").click();
      await page.locator("html[lang=zh-CN]").waitFor();
      const latin = (await wordsOn(page)).filter((word) => /[a-z]{3}/i.test(word.replace(allowedLatin, "")));
      expect(latin).toEqual([]);
      await page.reload();
      await page.getByText(texts.live.zh, { exact: true }).waitFor();
      await page.locator("button.language").click();
      await page.locator("html[lang=en-GB]").waitFor();
    }
    const chinese = await newPage("zh-CN");
    await chinese.goto(hub.url);
    await chinese.getByRole("heading", { name: texts.withCode.zh }).waitFor();
  });

  it("locks a group down after a confirmation with a reason", async () => {
    await signIn(page, "li");
    const service = page.locator('section[data-key="group/demo-office/gatehouse/service-gate"]');
    await service.getByRole("button", { name: texts.lockDown.en }).click();
    const dialog = page.getByRole("dialog");
    expect(await shown(dialog)).toContain("Service bollard");
    await page.keyboard.press("Escape");
    expect(hub.held.commands.size).toBe(0);

    await service.getByRole("button", { name: texts.lockDown.en }).click();
    await dialog.getByRole("button", { name: texts.lockDown.en }).click();
    await page.getByText("Lock down · Service entrance: Done").waitFor();
    expect([...hub.held.commands.values()]).toMatchObject([
      { edge: "gatehouse", act: { kind: "lock-down", group: "service-gate" }, reason: texts.lockDownReason.en },
    ]);
  });

  it("sends a stand-down only when a second person approves, and shows the refusal to the first", async () => {
    await signIn(page, "li");
    const main = page.locator('section[data-key="group/demo-office/gatehouse/main-gate"]');
    await main.getByRole("button", { name: texts.standDown.en }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Main exit bollard").uncheck();
    await dialog.getByLabel(texts.reason.en).fill("All clear");
    await dialog.getByRole("button", { name: texts.sendRequest.en }).click();
    const pending = page.locator("section.pending");
    await pending.getByText(texts.askedByYou.en).waitFor();

    await pending.getByRole("button", { name: /^Approve/ }).click();
    await page.getByText("Not done: Another person must approve this.").waitFor();
    await page.getByText("command.needs-two-persons").waitFor();
    expect([...hub.held.commands.values()][0]?.state).toBe("awaiting-approval");

    const second = await newPage();
    await signIn(second, "wang");
    expect(await shown(second.locator("section.pending"))).toContain("Asked by li");
    await second
      .locator("section.pending")
      .getByRole("button", { name: /^Approve/ })
      .click();
    await pending.waitFor({ state: "detached" });
    expect([...hub.held.commands.values()]).toMatchObject([
      { state: "done", issuers: ["li", "wang"], act: { kind: "stand-down", barriers: ["main-in"] } },
    ]);
  });

  it("shows each step's times, deadline and outcome, what was late and why, and what went on after a restart", async () => {
    const at = shifted(new Date().toISOString(), -60_000);
    hub.held.incidents.set("incident-1", incident(at));
    hub.held.timelines.set("incident-1", timeline(at));
    await signIn(page, "li");
    await page.getByRole("link", { name: "Intrusion: North fence" }).click();
    const row = (name: string) => page.locator(".incident tbody tr", { hasText: name }).first();

    expect(await shown(row("Gate siren"))).toMatch(
      /\+0\.012 s[\s\S]*\+0\.015 s[\s\S]*\+0\.412 s[\s\S]*\+5\.000 s[\s\S]*Met[\s\S]*4\.588 s to spare/,
    );
    expect(await shown(row("Main entry bollard"))).toContain("Restarted, went on with 12.3 s left");
    const missed = await shown(row("Main exit bollard"));
    expect(missed).toMatch(
      /\+30\.000 s[\s\S]*Missed[\s\S]*7\.654 s late[\s\S]*Vehicle on the loop[\s\S]*Fallback has run \(\+30\.004 s\)/,
    );
    expect(await page.locator(".incident table").nth(1).locator("tbody tr").count()).toBe(10);

    const reach = await page
      .locator(".bar")
      .evaluateAll((bars) =>
        bars.map(
          (bar) =>
            Number(bar.querySelector(".used")?.getAttribute("width")) /
            Number(bar.querySelector(".deadline")?.getAttribute("x1")),
        ),
      );
    expect(reach.map((share) => share.toFixed(2))).toEqual(["0.08", "0.81", "1.26"]);
  });

  it("says that the hub is not connected until it has caught up, and then shows what came meanwhile", async () => {
    await signIn(page, "li");
    const banner = page.locator(".banner");
    expect(await banner.isVisible()).toBe(false);
    hub.cut();
    await banner.getByText(texts.bannerLost.en).waitFor();
    const meanwhile = alarm("while-away", new Date().toISOString(), { priority: 1 });
    hub.held.alarms.set(meanwhile.id, meanwhile);
    hub.mend();
    await banner.waitFor({ state: "hidden" });
    expect(await alarmRow("while-away").isVisible()).toBe(true);
    expect(await shown(page.locator("#announcer"))).toContain("Fence fibre: Fence cut");
  });

  it("keeps the rules of accessibility of others on every view, in both languages, on light and dark, narrow and wide", async () => {
    const at = shifted(new Date().toISOString(), -60_000);
    for (const priority of [1, 2, 3, 4] as const)
      hub.held.alarms.set(`p${priority}`, alarm(`p${priority}`, at, { priority }));
    hub.held.workOrders.set(workOrder.number, workOrder);
    hub.held.incidents.set("incident-1", incident(at));
    hub.held.timelines.set("incident-1", timeline(at));
    const breaches = async (view: string) => (await breachesInLooks(page)).map((breach) => `${view}: ${breach}`);
    await page.goto(`${hub.url}/?code=${hub.code}`);
    const found = await breaches("first sign-in");
    await signIn(page, "li");
    const views = [
      ["#", "section.card"],
      ["#incident/incident-1", ".bars"],
      ["#people", "input[name=user]"],
      ["#password", "input[name=repeat]"],
    ] as const;
    for (const [hash, ready] of views) {
      await page.goto(`${hub.url}/${hash}`);
      await page.locator(ready).first().waitFor();
      found.push(...(await breaches(hash)));
    }
    await page.goto(`${hub.url}/#`);
    await page.locator('section[data-key="group/demo-office/gatehouse/main-gate"] button').last().click();
    await page.getByRole("dialog").waitFor();
    found.push(...(await breaches("question")));
    expect(found).toEqual([]);
  });

  it("fits a phone of 360 px without scrolling sideways", async () => {
    const at = shifted(new Date().toISOString(), -60_000);
    hub.held.alarms.set("a1", alarm("a1", at));
    hub.held.incidents.set("incident-1", incident(at));
    hub.held.timelines.set("incident-1", timeline(at));
    await page.setViewportSize({ width: 360, height: 740 });
    await signIn(page, "li");
    for (const hash of ["#", "#incident/incident-1"]) {
      await page.goto(`${hub.url}/${hash}`);
      await page
        .locator(hash === "#" ? "section.card" : ".bars")
        .first()
        .waitFor();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(360);
    }
  });
});
