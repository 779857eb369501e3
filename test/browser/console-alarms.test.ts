// The life of alarms and the people behind them on the hub's page, in a real Chromium against a stand-in hub.
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { texts } from "../../hub/console/web/texts.js";
import { eachInOffice, type Office, password, signIn, skipReason } from "../support/console-reader.js";
import type { ConsoleServer } from "../support/console-server.js";
import { alarm } from "../support/console-site.js";

const duty = { class: "duty", type: "duty.missed", incident: null, title: { zh: "巡检", en: "Round missed" } } as const;

describe.skipIf(skipReason !== "")(`alarms on the console's page${skipReason}`, () => {
  let hub: ConsoleServer;
  let page: Page;
  let newPage: Office["newPage"];
  eachInOffice((office) => ({ hub, page, newPage } = office));

  const row = (id: string) => page.locator(`li.alarm[data-key="${id}"]`);
  const put = (...alarms: readonly ReturnType<typeof alarm>[]) => {
    for (const one of alarms) {
      hub.held.alarms.set(one.id, one);
      hub.push("alarm", one);
    }
  };
  const now = () => new Date().toISOString();

  it("shelves what may be shelved, for a time and with a reason, and never an intrusion", async () => {
    put(alarm("fence", now()), alarm("round", now(), duty));
    await signIn(page, hub, "li");
    await row("round").waitFor();
    expect(
      await row("fence")
        .getByRole("button", { name: /^Shelve/ })
        .count(),
    ).toBe(0);
    await row("round").getByRole("button", { name: "Shelve: Round missed" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(texts.shelveMinutes.en).fill("30");
    await dialog.getByLabel(texts.reason.en).fill("Snow");
    await dialog.getByRole("button", { name: texts.shelve.en }).click();
    await row("round")
      .getByText(/^Shelved by li until/)
      .waitFor();
    expect(hub.held.alarms.get("round")?.shelved).toMatchObject({ by: "li", reason: "Snow" });
    expect(await page.title()).toMatch(/^\(1\)/);
    await row("round").getByRole("button", { name: texts.unshelve.en }).click();
    await row("round").getByRole("button", { name: "Shelve: Round missed" }).waitFor();
  });

  it("says again what nobody has acknowledged", async () => {
    const fence = alarm("fence", now());
    put(fence);
    await signIn(page, hub, "li");
    await row("fence").waitFor();
    put({ ...fence, escalation: 1 });
    await row("fence").getByText("Escalated 1").waitFor();
    await page
      .locator("#announcer")
      .getByText(/^Still not acknowledged: Fence fibre: Fence cut/)
      .waitFor();
  });

  it("says what came while it was shelved once the shelf is over, and not before", async () => {
    const round = alarm("round", now(), duty);
    const shelved = { by: "li", reason: "Snow", at: now(), until: null };
    await signIn(page, hub, "li");
    await page.locator("#alarms").waitFor();
    put({ ...round, shelved });
    await row("round")
      .getByText(/^Shelved by li/)
      .waitFor();
    const announcer = page.locator("#announcer");
    expect(await announcer.getByText(/Round missed/).count()).toBe(0);
    put(round);
    await announcer.getByText(/Round missed/).waitFor({ timeout: 3_000 });
  });

  it("offers silence, acknowledge and reset as three acts, reset only when the cause is gone and seen", async () => {
    const fence = alarm("fence", now());
    put(fence);
    await signIn(page, hub, "li");
    const button = (name: string) => row("fence").getByRole("button", { name });
    await button("Silence the siren: Fence fibre: Fence cut").click();
    await row("fence").getByText("Silenced by li").waitFor();
    expect(hub.held.alarms.get("fence")?.state).toBe("unacknowledged");
    expect(await button("Reset: Fence fibre: Fence cut").count()).toBe(0);
    put({ ...fence, state: "latched", active: false, acknowledged: true });
    await button("Reset: Fence fibre: Fence cut").click();
    await row("fence").waitFor({ state: "detached" });
    expect(hub.held.alarms.get("fence")?.resetBy).toBe("li");
  });

  it("says that more comes than can be followed, and hides nothing", async () => {
    const since = now();
    hub.held.measures = { ...hub.held.measures, perOperator: 24, flood: { since }, stale: ["fence"] };
    put(alarm("fence", since));
    await signIn(page, hub, "li");
    await page
      .getByText("Alarm flood: 24 alarms in ten minutes per operator. · Active for more than a day: 1")
      .waitFor();
    await row("fence").waitFor();
  });

  it("lets another person refuse a request, and the first withdraw one", async () => {
    await signIn(page, hub, "li");
    const main = page.locator('section[data-key="group/demo-office/gatehouse/main-gate"]');
    const pending = page.locator("section.pending");
    const ask = async () => {
      await main.getByRole("button", { name: texts.standDown.en }).click();
      await page.getByRole("dialog").getByLabel(texts.reason.en).fill("All clear");
      await page.getByRole("dialog").getByRole("button", { name: texts.sendRequest.en }).click();
      await pending.getByText(texts.askedByYou.en).waitFor();
    };
    await ask();
    await pending.getByRole("button", { name: /^Withdraw/ }).click();
    await pending.waitFor({ state: "detached" });
    await ask();
    const second = await newPage();
    await signIn(second, hub, "wang");
    await second
      .locator("section.pending")
      .getByRole("button", { name: /^Refuse/ })
      .click();
    await pending.waitFor({ state: "detached" });
    expect([...hub.held.commands.values()].map(({ state, code }) => [state, code])).toEqual(
      Array(2).fill(["refused", "command.declined"]),
    );
  });

  it("lets an administrator take a person out and back and a box in, and everybody change the own password", async () => {
    await page.goto(`${hub.url}/?code=${hub.code}`);
    await page.locator("form[data-key=code] button").click();
    await page.locator("input[name=password]").fill(password);
    await page.locator("input[name=repeat]").fill(password);
    await page.getByRole("button", { name: texts.save.en }).click();
    await page.getByRole("link", { name: texts.people.en }).click();
    await page.getByRole("button", { name: "Disable “wang”" }).click();
    await page.getByRole("button", { name: "Enable “wang”" }).waitFor();
    expect(hub.held.users.get("wang")?.disabled).toBe(true);
    await page.getByRole("button", { name: "Enable “wang”" }).click();
    await page.getByRole("button", { name: "Disable “wang”" }).waitFor();
    await page.locator("input[name=site]").fill("office");
    await page.locator("input[name=edge]").fill("annex");
    await page.getByRole("button", { name: texts.makeCode.en }).click();
    await page.getByText("AB12-CD34-EF56-GH78", { exact: true }).waitFor();
    await page.getByText(/keys enrol .*--hub http:.*--site office --edge annex --code AB12-CD34-EF56-GH78/).waitFor();
    await page.locator("input[name=site]").fill("office");
    await page.locator("input[name=edge]").fill("annex");
    await page.getByRole("button", { name: texts.replaceBox.en }).click();
    await page.getByText(/portcullis replace .*--site office --edge annex --code AB12-CD34-EF56-GH78/).waitFor();
    await page.getByText("The hub has revision 7 of its configuration.").waitFor();
    await page.getByText(/^To replace office \/ annex, until .*the old box is shut out\.$/).waitFor();
    await page.getByRole("link", { name: texts.changePassword.en }).click();
    await page.locator("input[name=current]").fill(password);
    await page.locator("input[name=password]").fill(`${password} anew`);
    await page.locator("input[name=repeat]").fill(`${password} anew`);
    await page.getByRole("button", { name: texts.save.en }).click();
    await page.getByText(texts.passwordChanged.en).waitFor();
    expect(hub.held.users.get("admin")?.password).toBe(`${password} anew`);
  });
});
