// A chip of 54 lines as a Pi 5 has it, made of the kernel's gpio-sim; runs in the guest of `npm run test:gpio` only.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";

export const label = "pinctrl-rp1";
/** A line that somebody else holds, and by what name. */
export const taken = { line: 20, holder: "fence-camera" };

const folder = "/sys/kernel/config/gpio-sim/pi";
const bank = `${folder}/bank0`;

const read = (file: string) => readFileSync(file, "utf8").trim();
const lineFolder = (offset: number) =>
  `/sys/devices/platform/${read(`${folder}/dev_name`)}/${read(`${bank}/chip_name`)}/sim_gpio${offset}`;

function make(): void {
  mkdirSync(bank, { recursive: true });
  writeFileSync(`${bank}/num_lines`, "54");
  writeFileSync(`${bank}/label`, label);
  for (let line = 2; line <= 27; line += 1) {
    mkdirSync(`${bank}/line${line}`);
    writeFileSync(`${bank}/line${line}/name`, `GPIO${line}`);
  }
  mkdirSync(`${bank}/line${taken.line}/hog`);
  writeFileSync(`${bank}/line${taken.line}/hog/name`, taken.holder);
  writeFileSync(`${bank}/line${taken.line}/hog/direction`, "input");
}

/** The chip comes, with every wire low, or leaves with whatever holds it. */
export function plug(isThere: boolean): void {
  if (!existsSync(folder)) make();
  if ((read(`${folder}/live`) === "1") !== isThere) writeFileSync(`${folder}/live`, isThere ? "1" : "0");
}

/** A chip as after power-on. */
export function plugAnew(): void {
  plug(false);
  plug(true);
}

/** What the wire at an input is. */
export function pull(offset: number, up: boolean): void {
  writeFileSync(`${lineFolder(offset)}/pull`, up ? "pull-up" : "pull-down");
}

/** The level on the wire. */
export function level(offset: number): boolean {
  return read(`${lineFolder(offset)}/value`) === "1";
}
