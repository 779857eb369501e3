// Rubbish at every input of the running product: each is refused with a code, and the site stays guarded. Part of
// trouble.test.ts, which lends it a demo.
import { readFile, writeFile } from "node:fs/promises";
import { connect as dial } from "node:net";
import { join } from "node:path";
import mqtt from "mqtt";
import { expect, test } from "vitest";
import type { ErrorView } from "../../hub/console/views.js";
import { portcullis } from "../support/command-line.js";
import type { Demo } from "../support/demo.js";
import { until } from "../support/until.js";

/** Says something at the box's broker with a device's own name and password. */
async function speak(demo: Demo, device: string, topic: string, payload: string): Promise<void> {
  const { url, credentials } = demo.access.field;
  const password = credentials.devices[device]?.password ?? "";
  const client = await mqtt.connectAsync(url, { clientId: device, username: device, password, reconnectPeriod: 0 });
  // The broker ends the connection of who goes too far, sooner or later than our own end of it.
  client.on("error", () => undefined);
  await client.publishAsync(topic, payload).catch(() => undefined);
  await client.endAsync();
}

/** The box has recorded a refusal with this code and these words. */
function refused(demo: Demo, code: string, words: string): Promise<unknown> {
  return until(`${code}: ${words}`, async () =>
    (await demo.records("input.refused")).some(
      ({ record: { data } }) => data["code"] === code && String(data["detail"]).includes(words),
    ),
  );
}

/** What devices say to the box's broker. */
export function testFieldRubbish(demo: () => Demo): void {
  test.sequential.each([
    { what: "broken JSON", said: '{"beam": blo', code: "field.payload-invalid", words: "no JSON" },
    { what: "a wrong type", said: '{"beam":7,"cover":"shut"}', code: "field.payload-invalid", words: "beam is 7" },
    { what: "a huge payload", said: "1".repeat(100_000), code: "field.payload-oversize", words: "" },
  ])("$what from a field device is refused with a code", async ({ said, code, words }) => {
    await speak(demo(), "beam-1", "field/beam-1/state", said);
    await refused(demo(), code, words);
  });

  test.sequential("a device that speaks for another is refused with a code", async () => {
    await speak(demo(), "beam-1", "field/fibre-1/status", '{"fibre":"broken"}');
    await refused(demo(), "field.topic-refused", "field/fibre-1/status");
  });

  test.sequential("bytes that are no MQTT end the connection and are refused with a code", async () => {
    const { hostname, port } = new URL(demo().access.field.url);
    const socket = dial(Number(port), hostname, () => socket.write("GET / HTTP/1.1\r\n\r\n"));
    await new Promise((resolve) => socket.once("error", resolve).once("close", resolve));
    await refused(demo(), "field.payload-invalid", "before login");
  });
}

/** A good order for a box that is not there. */
const silence = '{"site":"s","edge":"e","reason":"","act":{"kind":"silence"}}';

/** What is asked of the hub's API. */
export function testRequestRubbish(demo: () => Demo): void {
  test.sequential.each([
    { what: "broken JSON", body: '{"site":', status: 400, code: "api.invalid-body", place: "/body" },
    { what: "a wrong shape", body: '{"site":7}', status: 400, code: "api.invalid-body", place: "/" },
    {
      what: "an unknown act",
      body: silence.replace("silence", "explode"),
      status: 400,
      code: "api.invalid-body",
      place: "/act",
    },
    { what: "a box that is not there", body: silence, status: 404, code: "command.unknown-target", place: "/edge" },
    { what: "a huge body", body: `"${"x".repeat(100_000)}"`, status: 400, code: "api.invalid-body", place: "/body" },
  ])("$what in a request is answered with a code, the place and a remedy", async ({ body, status, code, place }) => {
    const answer = await demo().ask<ErrorView>("/commands", { body });
    expect(answer.body).toMatchObject({
      code,
      message: expect.stringMatching(/./),
      remedy: expect.stringMatching(/./),
    });
    expect(answer.body.place).toContain(place);
    expect(answer.status).toBe(status);
  });
}

/** Files, OPC UA and Firmata, and what is left of the box after all of it. */
export function testBoxRubbish(demo: () => Demo): void {
  test.sequential("a broken site file is refused with code and line, by the check and by a box that has no other", async () => {
    const good = await readFile(demo().siteFile, "utf8");
    const file = join(demo().folder, "broken.yaml");
    const line = 1 + good.split("\n").findIndex((text) => text.includes("filterMs: 40"));
    await writeFile(file, good.replace("filterMs: 40", "filterMs: soon"));
    const check = await portcullis("config", "check", file);
    expect(check.code).toBe(1);
    expect(check.out).toMatch(new RegExp(`broken\\.yaml:${line}:\\d+ .*config\\.schema`));
    const box = await portcullis(
      "edge",
      "--config",
      file,
      "--edge",
      "gatehouse",
      "--data",
      join(demo().folder, "new-box"),
    );
    expect(box.code).toBe(1);
    expect(box.err).toMatch(new RegExp(`config\\.schema\\s+\\S*broken\\.yaml:${line}`));
  });

  test.sequential("a box that is given a broken file starts with the last good one and says so", async () => {
    await writeFile(
      demo().siteFile,
      (await readFile(demo().siteFile, "utf8")).replace("filterMs: 40", "filterMs: soon"),
    );
    await demo().kill("edge");
    await demo().restart("edge");
    await until("the refusal is recorded", async () => (await demo().records("config.refused")).length > 0, 20_000);
    const [refusal] = await demo().records("config.refused");
    expect(refusal?.record.data).toMatchObject({ code: "config.schema", place: expect.stringContaining("site.yaml:") });
  });

  test.sequential("bad quality over OPC UA and noise on the Firmata line are recorded with their codes", async () => {
    await demo().trigger("vehicle-loop-lost", "B2");
    await refused(demo(), "field.quality-bad", "B2.Loop");
    await demo().trigger("firmata-noise");
    await refused(demo(), "field.noise", "");
    await demo().trigger("vehicle-loop-mend", "B2");
  });

  test.sequential("after all of it a broken beam still sounds the siren", async () => {
    await until("the beam is seen", async () => {
      const { durable, drivers } = await demo().status();
      const unseen = ["beam-blocked", "beam-cover"].filter((point) => durable.lost[point]);
      return unseen.length === 0 && Object.values(drivers).every(({ connected }) => connected);
    });
    await demo().rest();
    const brokenAt = await demo().trigger("beam-break");
    const siren = await demo().happened({ device: "siren", what: "on", value: true }, brokenAt);
    expect(siren.mono - brokenAt).toBeLessThanOrEqual(5_000);
  });
}
