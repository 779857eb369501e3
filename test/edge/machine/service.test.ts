// What systemd is told: which words, when, and to which address.
import { expect, it } from "vitest";
import type { ServiceState } from "../../../edge/machine/ports.js";
import { nothingTold, openService, socketAddress, wordsFor } from "../../../edge/machine/service.js";

const well: ServiceState = { ready: true, alive: true, status: "guards" };

it.each([
  ["says all at first", well, nothingTold, "READY=1\nSTATUS=guards\nWATCHDOG=1"],
  ["only lives on while nothing changes", well, { ready: true, status: "guards" }, "WATCHDOG=1"],
  ["is not ready before its work is", { ...well, ready: false }, nothingTold, "STATUS=guards\nWATCHDOG=1"],
  ["lets the watchdog run down without life", { ...well, alive: false }, { ready: true, status: "guards" }, ""],
  [
    "keeps a line a line",
    { ...well, status: "a\nREADY=0" },
    { ready: true, status: "" },
    "STATUS=a READY=0\nWATCHDOG=1",
  ],
])("%s", (_what, state, told, words) => {
  expect(wordsFor(state, told)).toBe(words);
});

it("says again what did not get through", () => {
  const heard: string[] = [];
  let isOpen = false;
  const failed = () => expect.unreachable();
  const service = openService(failed, "/run/notify", () => (words) => {
    if (isOpen) heard.push(words);
    return isOpen;
  });
  service.tell(well);
  isOpen = true;
  service.tell(well);
  service.tell(well);
  service.stopping();
  expect(heard).toEqual(["READY=1\nSTATUS=guards\nWATCHDOG=1", "WATCHDOG=1", "STOPPING=1"]);
});

it("opens nothing where nobody listens, and says once when the address is none", () => {
  const opened: string[] = [];
  const open = (address: string) => {
    opened.push(address);
    return () => true;
  };
  openService(() => expect.unreachable(), "", open).tell(well);
  expect(opened).toEqual([]);
  const failures: unknown[] = [];
  const service = openService((error) => failures.push(error), "vsock:2:1234");
  service.tell(well);
  service.tell(well);
  expect(failures.map(String)).toEqual(["Error: NOTIFY_SOCKET is no Unix socket: vsock:2:1234"]);
});

it("addresses a path with its closing zero, and an abstract name with a leading one", () => {
  expect([...socketAddress("/a")]).toEqual([1, 0, 47, 97, 0]);
  expect([...socketAddress("@a")]).toEqual([1, 0, 0, 97]);
  expect(() => socketAddress(`/${"a".repeat(107)}`)).toThrow("longer than 108 bytes");
});
