// What comes from others: each package by its checksum, from the registry only, and nothing that runs at installation unless a
// person has looked at it. lockfile-lint judges by `resolved`, which this lockfile leaves out (any mirror may serve a package
// whose checksum fits), so the rules stand here.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Manifest extends Locked {
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}

const read = (file: string) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
const manifest: Manifest = read("package.json");
const lock: { readonly lockfileVersion: number; readonly packages: Readonly<Record<string, Locked>> } =
  read("package-lock.json");
const packages = Object.entries(lock.packages).filter(([place]) => place !== "");

const kinds = ["dependencies", "devDependencies", "optionalDependencies"] as const;
const wantedBy = (one: Locked) => kinds.flatMap((kind) => Object.entries(one[kind] ?? {}));
const nameOf = (place: string) => place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);

/** What is wrong with a lockfile's entry; null when nothing is. */
function faultOf({ integrity, resolved, link }: Locked): string | null {
  if (link) return "a link to a folder";
  if (!/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity ?? "")) return `the integrity ${integrity}`;
  if (resolved !== undefined && !resolved.startsWith("https://registry.npmjs.org/")) return `comes from ${resolved}`;
  return null;
}

test("S-16: every package in the lockfile has a SHA-512 and comes from the registry", () => {
  expect(lock.lockfileVersion).toBe(3);
  expect(packages.length).toBeGreaterThan(100);
  const faults = packages.map(([place, locked]) => ({ place, fault: faultOf(locked) }));
  expect(faults.filter(({ fault }) => fault !== null)).toEqual([]);
  expect(packages.filter(([place]) => !place.startsWith("node_modules/"))).toEqual([]);
});

test.each([
  ["no integrity", {}],
  ["a weak one", { integrity: "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=" }],
  ["a foreign host", { integrity: `sha512-${"A".repeat(86)}==`, resolved: "https://evil.example/x.tgz" }],
  ["no encryption", { integrity: `sha512-${"A".repeat(86)}==`, resolved: "http://registry.npmjs.org/x.tgz" }],
  ["a repository", { integrity: `sha512-${"A".repeat(86)}==`, resolved: "git+ssh://git@github.com/a/b.git#1" }],
])("S-16: an entry with %s would be found", (_what, locked) => {
  expect(faultOf(locked)).not.toBeNull();
});

test("S-16: nothing is asked for by address, and the lockfile is that of package.json, with exact versions", () => {
  // What an override puts in place of an address is the override's package.
  const asked = packages.flatMap(([, locked]) => wantedBy(locked)).filter(([name]) => !(name in manifest.overrides));
  expect(asked.filter(([, range]) => /[:/]/.test(range.replace(/^npm:@?[\w./-]+@/, "")))).toEqual([]);
  const root = lock.packages[""];
  for (const kind of kinds) expect(root?.[kind], kind).toEqual(manifest[kind]);
  const own = [...wantedBy(manifest), ...Object.entries(manifest.overrides)];
  expect(own.filter(([, version]) => !/^(\d+\.\d+\.\d+|\$[\w-]+)$/.test(version))).toEqual([]);
});

test("S-16: every package that runs a script at installation is named in allowScripts, and no other", () => {
  const scripted = packages.filter(([, locked]) => locked.hasInstallScript).map(([place]) => nameOf(place));
  const allowed = Object.entries(manifest.allowScripts).filter(([, may]) => may);
  expect([...new Set(scripted)].toSorted()).toEqual(allowed.map(([name]) => name).toSorted());
});
