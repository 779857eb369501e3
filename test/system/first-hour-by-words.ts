// A technician's first hour by command line only. For first-hour().test.ts.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { DrivesReply } from "../../edge/commissioning/questions/drives.js";
import type { SignedReport } from "../../edge/commissioning/report/bundle.js";
import type { BoxStatus } from "../../edge/commissioning/status.js";
import { portcullis } from "../support/command-line.js";
import { door, type FirstHour, fence, loopDoor, supervisor, technician } from "../support/first-hour.js";
import { until } from "../support/until.js";

type Who = typeof technician | typeof supervisor;

/** The steps, one after the other. */
export function byWords(hour: () => FirstHour): void {
  /** What it printed; its errors are the test's. */
  async function said(words: readonly string[], who?: Who): Promise<string> {
    const { code, out, err } = await hour().commission([...words, "--language", "en"], who);
    if (code !== 0) throw new Error(`${words.join(" ")}: ${code}\n${out}\n${err}`);
    return out;
  }

  const status = async () => (await (await fetch(`${hour().url}/api/v1/status`)).json()) as BoxStatus;

  it.sequential("reads what is wrong with a contact and with a loop, mends both by settings, and sees them good", async () => {
    expect(await said(["wiring", door])).toMatch(
      /swapped, in the wiring or in the setting(.|\n)*\? try normally=closed/,
    );
    const inChinese = await hour().commission(["wiring", door, "--language", "zh"]);
    expect(inChinese.out).toMatch(/接反(.|\n)*\? 可试改为 normally=closed/);
    const loop = await hour().commission(["wiring", loopDoor]);
    expect(loop.code).toBe(1);
    expect(loop.out).toMatch(
      /10\.0 kΩ expected at rest, 4\.[67]\d kΩ seen, close to 4\.70 kΩ: perhaps another maker's/,
    );
    const resistors = ["endOhms", "alarmOhms"].map((key) => `${loopDoor}:loop.${key}=4700`);
    const mended = [`${door}:normally=closed`, ...resistors];
    expect(await said(["settings", "set", ...mended, "--reason", "as it is wired"], technician)).toContain(
      "Revision 2",
    );
    expect(await said(["wiring", door])).toMatch(/good: The input is closed, normally closed: at rest/);
    expect(await said(["wiring", loopDoor])).toMatch(/4\.70 kΩ expected at rest, 4\.[67]\d kΩ seen: as it should be/);
  });

  it.sequential("A-20: walks to the door ten times while quiet of the fence is recorded, and hears a chirp each time", async () => {
    await hour().play("quiet");
    const recorded = said(["vibration", "record", fence, "--label", "quiet", "--seconds", "21"], technician);
    await said(["walk", "start", "--zones", door, "--minutes", "5"], technician);
    await hour().swing(10);
    expect(await said(["walk", "status"])).toMatch(new RegExp(`✓ ${door}  10  \\d+ ms  \\d+ ms`));
    expect(await said(["walk", "end"], technician)).toMatch(new RegExp(`✓ ${door}  10  \\d+ ms  \\d+ ms`));
    expect(await recorded).toMatch(/Quiet {2}21(\.\d)? s {2}complete {2}李工/);
  });

  it.sequential("times two bollards against datasheet and proof while blows on the fence are recorded", async () => {
    await hour().play("blows");
    const recorded = said(["vibration", "record", fence, "--label", "tap", "--seconds", "12"], technician);
    const run = (bollard: string, direction: string) =>
      said(["barrier", "run", bollard, "--direction", direction], technician);
    for (const [bollard, direction] of [
      ["bollard-1", "close"],
      ["bollard-2", "close"],
      ["bollard-1", "open"],
      ["bollard-1", "close"],
    ] as const)
      expect(await run(bollard, direction)).toContain("Passed: arrived");
    const worst = /worst of (\d) {2}Close {2}(\d+) ms {2}datasheet 1500 ms {2}proof 2\d\d\d ms {2}Passed/;
    const [, runs, ms] = worst.exec(await said(["barrier", "results", "bollard-1"])) ?? [];
    expect(runs).toBe("2");
    // The plant's own travel is a second.
    expect(Number(ms)).toBeGreaterThan(900);
    expect(await said(["barrier", "results", "bollard-2"])).toMatch(worst);
    expect(await recorded).toMatch(/Taps {2}12(\.\d)? s {2}complete {2}李工/);
  });

  it.sequential("tunes the fence from its recordings: then blows alarm and quiet does not", async () => {
    const told = await said(["vibration", "suggest", fence, "--apply", "tuned from recordings"], technician);
    expect(told).toMatch(/loudest background is [\d.]+ times the baseline, the softest of \d+ taps [\d.]+ times/);
    expect(told).toMatch(/threshold: 60 -> [\d.]+ /);
    await said(["act", '{"kind":"arm","area":"perimeter"}', "--reason", "proof of the tuning"], supervisor);
    await sleep(
      await hour()
        .play("quiet")
        .then(() => 5_000),
    );
    expect((await status()).durable.zones[fence]).toMatchObject({ state: "normal" });
    await hour().play("blows");
    const breached = await until("the fence alarms", async () => {
      const seen = (await status()).durable.zones[fence];
      return seen?.state === "breached" && seen;
    });
    expect(breached.cause).toBe("fibre-cut");
    await said(["act", '{"kind":"silence"}', "--reason", "proof of the tuning"], supervisor);
    await said(["act", '{"kind":"disarm","area":"perimeter"}', "--reason", "proof of the tuning"], supervisor);
    const reset = async (incident: string) =>
      hour().commission(["act", JSON.stringify({ kind: "reset", incident }), "--reason", "proof"], supervisor);
    for (const incident of Object.keys((await status()).durable.incidents))
      expect((await reset(incident)).code).toBe(0);
  });

  it.sequential("checks an interlock with a car on the loop", async () => {
    await said(["barrier", "run", "bollard-1", "--direction", "open"], technician);
    const checked = hour().commission(["barrier", "interlocks", "bollard-1"], technician);
    const isNow = (state: string) =>
      until(`the loop is ${state}`, async () => {
        const { drives } = (await (await fetch(`${hour().url}/api/v1/drives?barrier=bollard-1`)).json()) as DrivesReply;
        return drives[0]?.checking?.rows.some((row) => row.point === "b1-loop" && row.state === state);
      });
    await isNow("waiting");
    await hour().pull("vehicle-on-loop", "B1");
    await isNow("seen");
    await hour().pull("vehicle-leaves", "B1");
    await isNow("passed");
    // The others are not tried: the report must not call the barrier's interlocks passed.
    expect(await hour().commission(["barrier", "interlocks", "bollard-1", "--end"], technician)).toMatchObject({
      code: 1,
    });
    const { out } = await checked;
    expect(out).toMatch(
      /block b1-loop: a close must be refused {2}Waiting\n(.|\n)*block b1-loop: .+ {2}Passed {2}\d+ ms/,
    );
  });

  it.sequential("hands over a report of what was tested, signed by two, printed in both languages and verified", async () => {
    for (const [who, capacity] of [
      [technician, "施工单位"],
      [supervisor, "建设单位"],
    ] as const)
      expect(await said(["report", "sign", "--capacity", capacity], who)).toContain("Signed by 李工");
    const file = join(hour().folder, "box.report.json");
    const sheet = file.replace(".json", ".html");
    for (const [language, words] of [
      ["zh", ["档案室门磁", "施工单位", "调试验收报告"]],
      ["en", ["Archive door", "施工单位", "Commissioning report"]],
    ] as const) {
      await said(["report", "--lang", language, "--out", file]);
      for (const word of words) expect(readFileSync(sheet, "utf8")).toContain(word);
    }
    const { content, state }: SignedReport = JSON.parse(readFileSync(file, "utf8"));
    const walked = content.zones.find(({ id }) => id === door);
    expect(walked).toMatchObject({ hits: 10, result: "passed", by: technician.name, measuredMs: expect.any(Number) });
    const timed = content.barriers.find(({ id }) => id === "bollard-1");
    expect(timed).toMatchObject({ runs: 2, result: "open", measuredMs: expect.any(Number) });
    expect(content.checks.find(({ id }) => id === "interlock/bollard-1")).toMatchObject({
      result: "open",
      note: expect.stringContaining("halt b1-loop"),
    });
    expect(state).toMatchObject({ isSigned: true, trial: { daysLeft: 30 } });
    const key = join(hour().folder, "box.pub");
    writeFileSync(key, (await portcullis("journal", "public-key", hour().data)).out);
    const verify = (path: string) => portcullis("commission", "report", "verify", path, "--public-key", key);
    expect(await verify(file)).toMatchObject({ code: 0, out: expect.stringContaining("Sound: ") });
    const forged = join(hour().folder, "forged.json");
    writeFileSync(forged, readFileSync(file, "utf8").replace('"hits":10', '"hits":99'));
    expect(await verify(forged)).toMatchObject({ code: 1, err: expect.stringContaining(`zones/${door}`) });
    expect(existsSync(join(hour().data, "book.json"))).toBe(true);
  });
}
