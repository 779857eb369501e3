// The version that people see, from package.json.
import { readFileSync } from "node:fs";

/** Root of the checkout; this file runs from .build/scripts. */
export const checkout = new URL("../../", import.meta.url);

export const { version } = JSON.parse(readFileSync(new URL("package.json", checkout), "utf8")) as { version: string };
