// A machine for a system test: a real systemd in namespaces of its own, over an overlay of this machine's root, which can be
// installed on, looked into, cut from its power, and started again.
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "./until.js";

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Machine {
  /** Its root, as seen from outside. */
  readonly upper: string;
  /** The same path inside and outside. */
  readonly releases: string;
  run(program: string, ...args: string[]): Promise<Ran>;
  start(program: string, ...args: string[]): ChildProcess;
  /** Everything ends at once. */
  cutPower(): Promise<void>;
  boot(): Promise<void>;
  close(): Promise<void>;
}

/** Longer than any installation in a test. */
const callWithinMs = 110_000;
/** In memory where there is room: a machine is some gigabyte of small files, and each step waits for the disk. */
const memory = "/dev/shm";
const memoryBytesMin = 3 * 2 ** 30;
const script = fileURLToPath(new URL("machine.sh", import.meta.url));
const namespaces = ["--pid", "--mount", "--uts", "--ipc", "--net", "--cgroup", "--fork", "--kill-child=KILL"];

/** Null when this machine can host one, else why not. */
export function whyNoMachine(): string | null {
  if (process.getuid?.() !== 0) return "not root";
  if (!existsSync("/lib/systemd/systemd")) return "no systemd";
  if (cgroupRoot() === null) return "no cgroup2";
  try {
    const folder = mkdtempSync(join(tmpdir(), "no-machine-"));
    for (const name of ["upper", "work", "root"]) mkdirSync(join(folder, name));
    const mount = `mount -t overlay overlay -o lowerdir=/,upperdir=${folder}/upper,workdir=${folder}/work ${folder}/root`;
    execFileSync("unshare", [...namespaces, "sh", "-c", `${mount} && mount -t cgroup2 cgroup2 /mnt`], {
      stdio: "pipe",
    });
    rmSync(folder, { recursive: true });
    return null;
  } catch (error) {
    return `no namespaces: ${String((error as { stderr?: unknown }).stderr ?? error).trim()}`;
  }
}

function cgroupRoot(): string | null {
  const mounted = readFileSync("/proc/mounts", "utf8").split("\n");
  return mounted.find((line) => line.split(" ")[2] === "cgroup2")?.split(" ")[1] ?? null;
}

/** Where a test that installs has its files. */
export function makeFolder(prefix: string): string {
  const { bavail, bsize } = existsSync(memory) ? statfsSync(memory) : { bavail: 0, bsize: 0 };
  return mkdtempSync(join(bavail * bsize > memoryBytesMin ? memory : tmpdir(), prefix));
}

export async function startMachine(): Promise<Machine> {
  const folder = makeFolder("portcullis-machine-");
  for (const name of ["upper", "work", "root", "releases"]) mkdirSync(join(folder, name));
  const cgroup = join(cgroupRoot() ?? "", `portcullis-${process.pid}`);
  mkdirSync(cgroup);
  let process1 = 0;
  let outer: ChildProcess | null = null;

  const enter = (...call: string[]) => [
    ...["-t", `${process1}`, "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"],
    ...call,
  ];
  function run(...call: string[]): Promise<Ran> {
    return new Promise((resolve) => {
      execFile("nsenter", enter(...call), { maxBuffer: 16 * 1024 * 1024, timeout: callWithinMs }, (error, out, err) =>
        resolve({ code: error === null ? 0 : typeof error.code === "number" ? error.code : 1, out, err }),
      );
    });
  }
  async function boot(): Promise<void> {
    const log = openSync(join(folder, "boot.log"), "a");
    const into = `echo $$ >${cgroup}/cgroup.procs && exec "$@"`;
    outer = spawn("sh", ["-c", into, "sh", "unshare", ...namespaces, "sh", script, folder], {
      stdio: ["ignore", log, log],
    });
    const { pid } = outer;
    closeSync(log);
    await until("systemd runs", async () => {
      process1 = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ")[0]);
      const { out } = await run("systemctl", "is-system-running");
      return ["running", "degraded", "starting"].includes(out.trim());
    });
  }
  async function cutPower(): Promise<void> {
    if (outer === null) return;
    const ended = once(outer, "exit");
    process.kill(process1, "SIGKILL");
    await ended;
    outer = null;
  }
  await boot();
  return {
    upper: join(folder, "upper"),
    releases: join(folder, "releases"),
    run,
    start: (...call) => spawn("nsenter", enter(...call), { stdio: "ignore" }),
    cutPower,
    boot,
    async close() {
      await cutPower();
      rmSync(folder, { recursive: true });
      removeCgroup(cgroup);
    },
  };
}

/** Folders of a cgroup can only be removed one by one, from below. */
function removeCgroup(cgroup: string): void {
  const below = execFileSync("find", [cgroup, "-depth", "-type", "d"], { encoding: "utf8" }).trim().split("\n");
  for (const folder of below) rmdirSync(folder);
}
