// portcullis evidence: one incident as a signed file for others to verify, and as a sheet for people; of a running or dead box.
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Command } from "commander";
import { privateName } from "../../edge/agent/journal-keys.js";
import { readKept } from "../../edge/journal/inspect.js";
import { writeWhole } from "../../edge/machine/whole-file.js";
import { PortcullisError } from "../../edge/model/error.js";
import { type Evidence, gatherEvidence, signEvidence, verifyEvidence } from "../../edge/record/evidence.js";
import { keyRingOf, type Signer, signerOf } from "../../edge/record/sign.js";
import { languageOf } from "../box.js";
import { sheetOf } from "../evidence-sheet.js";
import { damageOf, dataIn, journalIn, keysIn, keyText, openerFor } from "../journal-folder.js";
import { run, tellTrouble } from "../terminal.js";
import { version } from "../version.js";

interface MakeGiven {
  readonly data: string;
  readonly out?: string;
  readonly lang?: string;
  readonly key?: string;
}

interface VerifyGiven {
  readonly publicKey: string;
  readonly json?: boolean;
}

export function evidenceCommand(): Command {
  const verify = new Command("verify")
    .description("verify evidence with the box's public key alone 校验证据")
    .argument("<file>", "the evidence")
    .requiredOption("--public-key <file>", "from `portcullis journal public-key` 公钥")
    .option("--json", "print the findings as JSON")
    .addHelpText("after", "\nExit code 0 only when it is sound. 仅在完好时退出码为 0。")
    .action((file: string, given: VerifyGiven) => run(() => verifyFile(file, given)));
  return new Command("evidence")
    .description("write one incident as signed evidence, and a sheet to print 导出事件证据")
    .argument("<incident>", "its id")
    .option("--data <folder>", "the box's data folder 数据目录", ".")
    .option("--out <file>", "evidence (JSON); the sheet stands beside it as .html")
    .option("--lang <language>", "of the sheet, zh or en; the terminal's unless given")
    .option("--key <file>", keyText)
    .action((incident: string, given: MakeGiven) => run(() => make(incident, given)))
    .addCommand(verify);
}

async function make(incident: string, given: MakeGiven): Promise<void> {
  const { data, out = `${incident}.evidence.json`, lang } = given;
  const open = openerFor(given.key);
  const signer = signerAt(join(dataIn(data), "keys", privateName));
  const about = { madeAt: new Date().toISOString(), version };
  const damage = damageOf(data, tellTrouble);
  const content = await gatherEvidence(() => readKept(journalIn(data), open, damage.onTrouble), incident, about);
  if (content === null)
    throw new PortcullisError({ code: "api.not-found", place: data, detail: `no record names incident ${incident}` });
  const evidence = signEvidence(content, signer);
  const findings = verifyEvidence(evidence, keyRingOf(signer.publicKey));
  const sheet = `${out.replace(/\.json$/, "")}.html`;
  writeWhole(out, `${JSON.stringify(evidence)}\n`);
  writeSheet(sheet, { evidence, findings, language: languageOf(lang), file: basename(out) });
  for (const fault of findings.faults) tellTrouble(fault);
  console.log(`${out}\n${sheet}`);
  if (!findings.ok) process.exitCode = 1;
}

/** A record that is not what its type says costs the sheet, never the evidence. */
function writeSheet(path: string, sheet: Parameters<typeof sheetOf>[0]): void {
  try {
    writeWhole(path, sheetOf(sheet));
  } catch (error) {
    if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
    tellTrouble({ code: "journal.misshapen", place: path, detail: `no sheet: ${String(error)}` });
    process.exitCode = 1;
  }
}

function signerAt(path: string): Signer {
  try {
    return signerOf(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new PortcullisError({ code: "journal.key-unusable", place: path, detail: String(cause) }, { cause });
  }
}

async function verifyFile(file: string, { publicKey, json }: VerifyGiven): Promise<void> {
  const findings = verifyEvidence(evidenceIn(file), keysIn(publicKey));
  const { ok, records, checkpoints, unsigned } = findings;
  if (json) console.log(JSON.stringify(findings));
  else {
    for (const fault of findings.faults) tellTrouble(fault);
    const what = `${records} records 记录, ${checkpoints} checkpoints 签名存证, ${unsigned} behind them 其后`;
    console.log(`${ok ? "sound 完好" : "NOT SOUND 已损坏"}: ${what}`);
  }
  if (!ok) process.exitCode = 1;
}

/** @throws PortcullisError `api.invalid-body` */
function evidenceIn(file: string): Evidence {
  const invalid = (cause: unknown) =>
    new PortcullisError({ code: "api.invalid-body", place: file, detail: "no evidence" }, { cause });
  try {
    const value = JSON.parse(readFileSync(file, "utf8")) as Partial<Evidence>;
    const areTexts = [value.incident, value.key, value.signature].every((text) => typeof text === "string");
    if (value.portcullis === "evidence/1" && areTexts && Array.isArray(value.records)) return value as Evidence;
  } catch (error) {
    throw invalid(error);
  }
  throw invalid(null);
}
