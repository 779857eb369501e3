// Mosquitto, the real third party, as an existing broker for tests: a child on a free port, ended by its id.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { freePort } from "../support/free-port.js";
import { endProcess } from "../support/processes.js";

const binary = "/usr/sbin/mosquitto";
/** Why these tests are left out; null where Mosquitto is installed. */
export const withoutMosquitto = existsSync(binary) ? null : `${binary} is missing (Debian package mosquitto)`;
export const mosquittoPub = "/usr/bin/mosquitto_pub";
export const mosquittoSub = "/usr/bin/mosquitto_sub";
export const withoutClients = existsSync(mosquittoPub)
  ? null
  : `${mosquittoPub} is missing (Debian package mosquitto-clients)`;

export interface MosquittoOptions {
  /** Password by user. */
  readonly users: Readonly<Record<string, string>>;
  /** PEM texts; with them clients must show a certificate. */
  readonly tls?: { readonly ca: string; readonly cert: string; readonly key: string };
  /** An ACL file. With it the name in a certificate is user and client id. */
  readonly acl?: string;
  readonly port?: number;
}

export interface Mosquitto {
  readonly port: number;
  /** SIGKILL, as a power cut. */
  kill(): Promise<void>;
  /** The process lives and answers nothing more. */
  freeze(): void;
  thaw(): void;
  /** The same broker again, on the same port. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  dispose(): Promise<void>;
}

export async function startMosquitto({ users, tls, acl, port: wanted }: MosquittoOptions): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-mosquitto-"));
  const port = wanted ?? (await freePort());
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    return join(folder, name);
  };
  file("passwords", "");
  for (const [user, password] of Object.entries(users)) {
    execFileSync("/usr/bin/mosquitto_passwd", ["-b", join(folder, "passwords"), user, password], { stdio: "ignore" });
  }
  const keys = tls && [
    `cafile ${file("ca.pem", tls.ca)}`,
    `certfile ${file("broker.pem", tls.cert)}`,
    `keyfile ${file("broker.key", tls.key)}`,
    "require_certificate true",
  ];
  const settings = [
    `listener ${port} 127.0.0.1`,
    "allow_anonymous false",
    "persistence false",
    "user root",
    `password_file ${join(folder, "passwords")}`,
    ...(keys ?? []),
    ...(acl === undefined
      ? []
      : [`acl_file ${file("acl", acl)}`, "use_identity_as_username true", "use_username_as_clientid true"]),
  ];
  mkdirSync(folder, { recursive: true });
  const config = file("mosquitto.conf", `${settings.join("\n")}\n`);
  let child: ChildProcess | null = null;

  async function start(): Promise<void> {
    child = spawn(binary, ["-c", config], { stdio: "ignore" });
    await vi.waitFor(() => knock(port), { timeout: 10_000, interval: 20 });
  }
  async function kill(): Promise<void> {
    const ending = child;
    child = null;
    if (ending !== null) await endProcess(ending);
  }
  await start();
  return {
    port,
    start,
    kill,
    freeze: () => child?.kill("SIGSTOP"),
    thaw: () => child?.kill("SIGCONT"),
    async dispose() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function knock(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" }, () => {
      socket.destroy();
      resolve();
    });
    socket.once("error", reject);
  });
}
