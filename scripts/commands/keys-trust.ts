// portcullis keys list, trust, reject, show, password: the certificates of a box and of the servers that it logs in to.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { Command } from "commander";
import {
  certificatesIn,
  type Kept,
  keep,
  keepCrl,
  move,
  passwordFile,
  pkiDrivers,
  pkiFolder,
  readShelf,
  type Shelf,
} from "../../edge/field/opcua/pki-folder.js";
import { fingerprintOf } from "../../edge/machine/fingerprint.js";
import { writeWhole } from "../../edge/machine/whole-file.js";
import { refusal } from "../../edge/model/error.js";
import type { Language, Text } from "../../edge/model/text.js";
import { languageOf } from "../box.js";
import { actAsOwner } from "../data-owner.js";
import { run } from "../terminal.js";

interface KeysOptions {
  readonly data: string;
  readonly driver?: string;
  readonly language?: string;
  readonly json?: boolean;
}

/** `box`: towards the hub. */
type Place = Shelf | "box";
type Found = Omit<Kept, "shelf"> & { readonly driver: string | null; readonly shelf: Place };

const shelves: readonly Shelf[] = ["own", "user", "trusted", "rejected", "issuers"];
const shelfTexts: Readonly<Record<Place, Text>> = {
  own: { zh: "本机", en: "own" },
  user: { zh: "本机用户", en: "own user" },
  trusted: { zh: "信任", en: "trusted" },
  rejected: { zh: "已拒绝", en: "rejected" },
  issuers: { zh: "签发机构", en: "issuer" },
  box: { zh: "主机(平台)", en: "box (hub)" },
};
const prefixMin = 8;

export function addTrust(keys: Command): Command {
  const base = (name: string, description: string) =>
    new Command(name)
      .hook("preAction", (command) => actAsOwner(command.opts<KeysOptions>().data))
      .description(description)
      .requiredOption("--data <folder>", "the box's data folder")
      .option("--driver <id>", "only this driver")
      .option("--language <language>", "zh or en; the terminal's unless given")
      .option("--json", "print JSON");
  const which = "fingerprint, or its first 8 or more digits";
  return keys
    .addCommand(base("list", "what the box has and has met 列出证书").action((options) => run(() => list(options))))
    .addCommand(
      base("trust", "trust a device or an authority; a running box connects at its next try 信任证书")
        .argument("<certificate>", `${which}; or a file (certificate or revocation list) with --driver`)
        .action((named, options) => run(() => trust(named, options))),
    )
    .addCommand(
      base("reject", "trust it no longer; a running box lets it go within seconds 撤销信任")
        .argument("<certificate>", which)
        .action((named, options) => run(() => reject(named, options))),
    )
    .addCommand(
      base("show", "one certificate with its PEM, for the device's own trust list 查看证书")
        .argument("<certificate>", `${which}; or a driver, for the box's own there`)
        .action((named, options) => run(() => show(named, options))),
    )
    .addCommand(
      base("password", "store a driver's password, read from standard input 保存登录密码")
        .argument("<driver>", "an OPC UA driver")
        .action((driver, options) => run(() => storePassword(driver, options))),
    );
}

async function list(options: KeysOptions): Promise<void> {
  const found = all(options);
  if (options.json) return console.log(JSON.stringify(found.map(view), null, 2));
  const language = languageOf(options.language);
  if (found.length === 0) console.log({ zh: "没有证书。", en: "No certificates." }[language]);
  for (const each of found) console.log(lineOf(each, language));
}

async function trust(named: string, options: KeysOptions): Promise<void> {
  if (existsSync(named)) trustFile(named, options);
  else trustMet(named, options);
}

function trustMet(named: string, options: KeysOptions): void {
  const found = one(named, options, ["rejected", "trusted", "issuers"]);
  if (found.shelf !== "trusted") move(pkiFolder(options.data, found.driver ?? ""), found as Kept, "trusted");
  tell({ ...found, shelf: "trusted" }, options);
}

/** Before a device was ever reached, or an authority that issues for several. */
function trustFile(path: string, options: KeysOptions): void {
  const drivers = options.driver === undefined ? pkiDrivers(options.data) : [options.driver];
  const [driver] = drivers;
  if (driver === undefined || drivers.length > 1) throw refusal("keys.ambiguous", path, "--driver");
  const dir = pkiFolder(options.data, driver);
  const bytes = readFileSync(path);
  const [certificate] = certificatesIn(bytes);
  if (certificate !== undefined) {
    tell({ driver, shelf: "trusted", certificate, file: keep(dir, "trusted", certificate) }, options);
    return;
  }
  if (!bytes.includes("BEGIN X509 CRL"))
    throw refusal("keys.unknown", path, "no certificate and no revocation list (PEM)");
  const file = keepCrl(dir, bytes, path);
  console.log(options.json ? JSON.stringify({ driver, file }) : `${driver}  CRL 吊销列表  ${file}`);
}

async function reject(named: string, options: KeysOptions): Promise<void> {
  const found = one(named, options, ["trusted", "issuers"]);
  const file = move(pkiFolder(options.data, found.driver ?? ""), found as Kept, "rejected");
  tell({ ...found, shelf: "rejected", file }, options);
}

async function show(named: string, options: KeysOptions): Promise<void> {
  const own = all(options).filter(({ driver, shelf }) => driver === named && (shelf === "own" || shelf === "user"));
  const found = own.length > 0 ? own : [one(named, options, [...shelves, "box"])];
  if (options.json) {
    return console.log(JSON.stringify(found.map((each) => ({ ...view(each), pem: each.certificate.toString() }))));
  }
  const language = languageOf(options.language);
  for (const each of found) {
    const { certificate, file } = each;
    console.log(`${lineOf(each, language)}\n  ${fingerprintOf(certificate)}\n  SHA-1 ${certificate.fingerprint}`);
    console.log(`  ${certificate.subjectAltName ?? ""}\n  ${file}\n${certificate.toString()}`);
  }
}

async function storePassword(driver: string, { data, json }: KeysOptions): Promise<void> {
  const password = (await readAll(process.stdin)).split(/\r?\n/)[0] ?? "";
  if (password === "") throw refusal("field.secret-unusable", driver, "standard input is empty");
  const dir = pkiFolder(data, driver);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, passwordFile);
  writeWhole(file, `${password}\n`);
  console.log(json ? JSON.stringify({ driver, file }) : `${file} (0600)`);
}

function all({ data, driver }: KeysOptions): readonly Found[] {
  const drivers = pkiDrivers(data).filter((each) => driver === undefined || each === driver);
  const met = drivers.flatMap((each) =>
    shelves.flatMap((shelf) => readShelf(pkiFolder(data, each), shelf).map((kept) => ({ ...kept, driver: each }))),
  );
  return driver === undefined ? [...boxCertificates(join(data, "pki")), ...met] : met;
}

function boxCertificates(folder: string): readonly Found[] {
  const edges = join(folder, "edges");
  const named = existsSync(edges) ? readdirSync(edges).map((name) => join(edges, name)) : [];
  const files = [join(folder, "ca.pem"), ...named].filter((file) => file.endsWith(".pem") && existsSync(file));
  return files.flatMap((file) =>
    certificatesIn(readFileSync(file)).map((certificate) => ({
      driver: null,
      shelf: "box" as const,
      file,
      certificate,
    })),
  );
}

/** @throws PortcullisError `keys.unknown` or `keys.ambiguous` */
function one(named: string, options: KeysOptions, among: readonly Place[]): Found {
  const digits = named.replaceAll(":", "").toLowerCase();
  const fits = all(options).filter(
    ({ shelf, certificate }) =>
      digits.length >= prefixMin && among.includes(shelf) && fingerprintOf(certificate).startsWith(digits),
  );
  const [found] = fits;
  if (found === undefined) throw refusal("keys.unknown", named, among.join(", "));
  const different = new Set(fits.map(({ driver, certificate }) => `${driver} ${fingerprintOf(certificate)}`));
  if (different.size > 1) throw refusal("keys.ambiguous", named, [...different].join(", "));
  return found;
}

function view({ driver, shelf, file, certificate }: Found) {
  const { subject, issuer, validFrom, validTo } = certificate;
  return {
    driver,
    shelf,
    fingerprint: fingerprintOf(certificate),
    subject: subject.replaceAll("\n", ", "),
    issuer: issuer.replaceAll("\n", ", "),
    validFrom: new Date(validFrom).toISOString(),
    validTo: new Date(validTo).toISOString(),
    file,
  };
}

function lineOf(found: Found, language: Language): string {
  const { driver, shelf, fingerprint, subject, validFrom, validTo } = view(found);
  const dates = `${validFrom.slice(0, 10)} .. ${validTo.slice(0, 10)}`;
  return [driver ?? "-", shelfTexts[shelf][language], fingerprint.slice(0, 16), dates, subject].join("  ");
}

function tell(found: Found, options: KeysOptions): void {
  console.log(options.json ? JSON.stringify(view(found)) : lineOf(found, languageOf(options.language)));
}
