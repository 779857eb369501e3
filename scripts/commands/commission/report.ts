// portcullis commission report: the commissioning report as a signed file and a sheet to print, of a running box or of a data folder;
// and the check of such a file on any machine.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { reportOf, signerAt } from "../../../edge/commissioning/handover.js";
import { reportIn, type SignedReport, verifyReport } from "../../../edge/commissioning/report/bundle.js";
import { sheetOf } from "../../../edge/commissioning/report/sheet.js";
import { writeWhole } from "../../../edge/machine/whole-file.js";
import { PortcullisError } from "../../../edge/model/error.js";
import { languageOf } from "../../box.js";
import { pinVariable, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { keysIn, keyText, openerFor } from "../../journal-folder.js";
import { handoverIn, signingKeyIn } from "../../report-folder.js";
import { readSecret } from "../../secret-input.js";
import { say } from "../../sentences.js";
import { run, tellTrouble } from "../../terminal.js";

interface ReportOptions extends SessionOptions {
  readonly data?: string;
  readonly key?: string;
  readonly lang?: string;
  readonly out?: string;
}

interface SignOptions extends SessionOptions {
  readonly capacity?: string;
}

interface VerifyOptions {
  readonly language?: string;
  readonly publicKey: string;
  readonly json?: boolean;
}

const texts = {
  signed: { zh: "{hash}\n已签名：{by}；未决事项：{n}", en: "{hash}\nSigned by {by}; open points: {n}" },
  sound: { zh: "完好：{box}，签名人 {by}", en: "Sound: {box}, signed by {by}" },
  unsound: { zh: "已被改动：{box}，签名人 {by}", en: "NOT SOUND: {box}, signed by {by}" },
} as const;

export function reportCommand(): Command {
  const report = new Command("report").description("the commissioning report, signed and to print 调试验收报告");
  for (const [flags, description, initial] of sessionOptions) report.option(flags, description, initial);
  return report
    .option("--data <folder>", "a data folder in place of a running box 数据目录")
    .option("--key <file>", keyText)
    .option("--lang <language>", "of the sheet, zh or en; the terminal's unless given 报告语言")
    .option("--out <file>", "the signed report (JSON); the sheet stands beside it as .html 输出文件")
    .action((_options, command: Command) => run(() => write(command.opts<ReportOptions>())))
    .addCommand(signCommand())
    .addCommand(verifyCommand());
}

function signCommand(): Command {
  return new Command("sign")
    .description(`sign the report as it is now, with name and PIN (${pinVariable}) 签署报告`)
    .option("--capacity <words>", "on behalf of whom 代表")
    .action((_options, command: Command) => run(() => sign(command.optsWithGlobals<SignOptions>())));
}

function verifyCommand(): Command {
  return new Command("verify")
    .description("verify a report with the box's public key alone 校验报告")
    .argument("<file>", "the signed report (JSON)")
    .requiredOption("--public-key <file>", "from `portcullis journal public-key` 公钥")
    .addHelpText("after", "\nExit code 0 only when it is sound. 仅在完好时退出码为 0。")
    .action((file: string, _options, command: Command) =>
      run(async () => verify(file, command.optsWithGlobals<VerifyOptions>())),
    );
}

async function write(options: ReportOptions): Promise<void> {
  const report = await reportFrom(options);
  const { out = `${report.content.edge}.report.json`, lang, language } = options;
  const sheet = `${out.replace(/\.(json|html)$/, "")}.html`;
  const file = out.endsWith(".html") ? `${out.slice(0, -".html".length)}.json` : out;
  writeWhole(file, `${JSON.stringify(report)}\n`);
  writeWhole(sheet, sheetOf(report, languageOf(lang ?? language), basename(file)));
  if (options.json === true) console.log(JSON.stringify({ file, sheet, hash: report.hash, ...report.state }));
  else console.log(`${file}\n${sheet}\n${report.hash}`);
}

async function reportFrom(options: ReportOptions): Promise<SignedReport> {
  const { data, key } = options;
  if (data !== undefined) return reportOf(await handoverIn(data, openerFor(key)), signerAt(signingKeyIn(data)));
  const told = await withSession(options, (session) => session.call<unknown>("GET", "/api/v1/report"));
  return known(told, options.url);
}

async function sign(options: SignOptions): Promise<void> {
  const { name, capacity, ...others } = options;
  if (name === undefined)
    throw new PortcullisError({ code: "api.unauthenticated", place: "--name", detail: "who signs?" });
  const pin = process.env[pinVariable] ?? (await readSecret("PIN 口令: "));
  await withSession(others, async (session) => {
    const shown = known(await session.call<unknown>("GET", "/api/v1/report"), options.url);
    const body = { name, pin, hash: shown.hash, ...(capacity === undefined ? {} : { capacity }) };
    const signed = known(await session.call<unknown>("POST", "/api/v1/report/sign", body), options.url);
    const valid = signed.state.signatures.filter(({ isValid }) => isValid).map(({ by }) => by);
    if (options.json === true)
      console.log(JSON.stringify({ hash: signed.hash, valid, openPoints: signed.state.openPoints.length }));
    else
      console.log(
        say(texts, languageOf(options.language))("signed", {
          hash: signed.hash,
          by: valid.join(", "),
          n: signed.state.openPoints.length,
        }),
      );
  });
}

function verify(file: string, { publicKey, json, language }: VerifyOptions): void {
  const report = known(parse(file), file);
  const faults = verifyReport(report, keysIn(publicKey));
  const valid = report.state.signatures.filter(({ isValid }) => isValid).map(({ by }) => by);
  if (json === true)
    console.log(JSON.stringify({ ok: faults.length === 0, hash: report.hash, signatures: valid, faults }));
  else {
    for (const fault of faults) tellTrouble(fault);
    const box = `${report.content.site}/${report.content.edge}`;
    const words = say(texts, languageOf(language));
    console.log(words(faults.length === 0 ? "sound" : "unsound", { box, by: valid.join(", ") || "–" }));
  }
  if (faults.length > 0) process.exitCode = 1;
}

function parse(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new PortcullisError({ code: "api.invalid-body", place: file, detail: String(cause) }, { cause });
  }
}

function known(value: unknown, place: string): SignedReport {
  const report = reportIn(value);
  if (report === null)
    throw new PortcullisError({ code: "api.invalid-body", place, detail: "no commissioning report" });
  return report;
}
