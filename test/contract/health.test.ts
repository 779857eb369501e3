// `portcullis health`, by which an installation judges a release, at the addresses that a configuration may name.
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { urlOf } from "../../scripts/healthy.js";
import { entry, portcullis } from "../support/command-line.js";
import { testFolder } from "../support/folder.js";
import { freePorts } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";
import { until } from "../support/until.js";
import { smallSite } from "./small-box.js";

vi.setConfig({ testTimeout: 180_000 });

let child: ChildProcess | null = null;
afterAll(async () => {
  if (child !== null) await endProcess(child);
});

it.each([
  [{ host: "127.0.0.1", port: 8081 }, "http://127.0.0.1:8081"],
  [{ host: "::1", port: 8081 }, "http://[::1]:8081"],
  [{ host: "2001:db8::7", port: 8081, tls: {} }, "https://[2001:db8::7]:8081"],
  [{ host: "0.0.0.0", port: 8081, tls: {} }, "https://127.0.0.1:8081"],
  [{ host: "::", port: 8081, tls: {} }, "https://[::1]:8081"],
  [{ host: "gate.example", port: 8081 }, "http://gate.example:8081"],
])("%j is asked at %s", (http, url) => expect(urlOf(http)).toBe(url));

it("tells of a box whose page speaks TLS only, on every address of this machine", async () => {
  const dataDir = testFolder();
  const [http = 0, broker = 0] = await freePorts(2);
  const file = join(dataDir, "site.yaml");
  const text = smallSite({ revision: 1, http, broker });
  writeFileSync(
    file,
    text.replace(`http: { host: 127.0.0.1, port: ${http} }`, `http: { host: "::1", port: ${http}, tls: {} }`),
  );
  const place = ["--config", file, "--edge", "box", "--data", dataDir];
  child = spawn(process.execPath, [entry, "edge", ...place], { stdio: "ignore" });
  const told = await until(
    "it is healthy",
    async () => {
      const { code, out } = await portcullis("health", "edge", ...place);
      return code === 0 && (JSON.parse(out) as { status: string });
    },
    120_000,
  );
  expect(told.status).toBe("ok");
});
