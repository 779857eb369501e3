// The command line loads only what is named: each name leads to its command, and no other word to anything.
import { join } from "node:path";
import { expect, it } from "vitest";
import { portcullis } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";

it("lists every subcommand of commission, and leads from its name to it alone", async () => {
  const { out } = await portcullis("commission", "--help");
  const names = [...out.matchAll(/^ {2}([a-z]+) .*[\u4e00-\u9fff]/gm)].map(([, name = ""]) => name);
  expect(names).toEqual(expect.arrayContaining(["people", "walk", "report"]));
  const told = await Promise.all(names.map((name) => portcullis("commission", name, "--help")));
  expect(told.map(({ code }) => code)).toEqual(names.map(() => 0));
  for (const [index, name] of names.entries())
    expect(told[index]?.out).toContain(`Usage: portcullis commission ${name} `);
});

it.each(["constructor", "commission constructor", "commission wlk"])(
  "refuses what is no command: %s",
  async (words) => {
    const { code, err } = await portcullis(...words.split(" "));
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("unknown command") });
  },
);

it.each(["stat", "verify", "export"])("names place and remedy where the system refuses: journal %s", async (name) => {
  const nowhere = join(testFolder(), "nowhere");
  const { code, err } = await portcullis("journal", name, nowhere);
  expect([code, err]).toEqual([1, expect.stringContaining(`machine.refused  ${nowhere}`)]);
  expect(err).not.toContain("    at ");
});

it("tells a hub without keys how to get them", async () => {
  const data = testFolder();
  const { code, err } = await portcullis("hub", "--config", "config/hub.yaml", "--data", data);
  expect([code, err]).toEqual([1, expect.stringContaining("keys.hub-missing")]);
  expect(err).toContain("portcullis keys hub --data DIR --host NAME");
});
