// portcullis commission settings: what may be changed on site, a change, what it would do, earlier revisions and the way back.
import { Command } from "commander";
import type {
  ProposalView,
  RevisionView,
  SettingsView,
  SettingView,
} from "../../../edge/commissioning/settings/told.js";
import { refusal } from "../../../edge/model/error.js";
import { placeText, type SettingChange, type SettingValue } from "../../../edge/model/revision.js";
import type { Language } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { readSecret } from "../../secret-input.js";
import { run } from "../../terminal.js";
import { historyLines, listLines, proposalLines, type Taken, takenLine } from "./settings-lines.js";

interface SettingsOptions extends SessionOptions {
  readonly reason?: string;
  readonly second?: string;
}

const secondPinVariable = "PORTCULLIS_SECOND_PIN";
const assignmentForm = "PLACE:KEY=VALUE";
const assignmentHelp = `${assignmentForm}; PLACE is a zone, or DRIVER/POINT; an empty VALUE takes it away. For example gate-door:filterMs=200 防区:设置=值`;

export function settingsCommand(): Command {
  const settings = new Command("settings").description("settings of zones and points, changed on site 现场设置");
  const base = (name: string, description: string) => {
    const command = new Command(name).description(description);
    for (const [flags, text, initial] of sessionOptions) command.option(flags, text, initial);
    return command;
  };
  const signed = (command: Command) =>
    command
      .requiredOption("--reason <words>", "stands in the journal 原因，记入日志")
      .option(
        "--second <name>",
        `who agrees; the PIN comes from ${secondPinVariable}, the terminal or standard input 第二人`,
      );
  const at = (options: SettingsOptions, work: (session: BoxSession) => Promise<void>) =>
    run(() => withSession(options, work));
  return settings
    .addCommand(
      base("list", "what may be changed, with range and who changed it last 可修改的设置")
        .argument("[place]", "only of this zone or point 只看此防区或点位")
        .action((place: string | undefined, options) => at(options, (session) => list(session, place, options))),
    )
    .addCommand(
      base("check", "what a change would do, with the timing proof before and after 试算")
        .argument("<change...>", assignmentHelp)
        .action((given: string[], options) => at(options, (session) => check(session, given, options))),
    )
    .addCommand(
      signed(base("set", "change settings; taken in one piece or not at all 修改设置"))
        .argument("<change...>", assignmentHelp)
        .action((given: string[], options) => at(options, (session) => set(session, given, options))),
    )
    .addCommand(
      base("history", "revisions that the box keeps, and who made them 历史版本").action((options) =>
        at(options, (session) => history(session, options)),
      ),
    )
    .addCommand(
      signed(base("back", "an earlier revision's content as a new revision 恢复历史版本"))
        .argument("<revision>")
        .action((to: string, options) => at(options, (session) => back(session, Number(to), options))),
    );
}

const presentSettings = (session: BoxSession) => session.call<SettingsView>("GET", "/api/v1/settings");

async function list(
  session: BoxSession,
  place: string | undefined,
  { json, language }: SettingsOptions,
): Promise<void> {
  const view = await presentSettings(session);
  const isAsked = (each: SettingView) =>
    place === undefined ||
    ("zone" in each ? each.zone === place : [each.point, `${each.driver}/${each.point}`].includes(place));
  const settings = view.settings.filter(isAsked);
  if (json === true) return console.log(JSON.stringify({ ...view, settings }, null, 2));
  for (const line of listLines({ ...view, settings }, languageOf(language))) console.log(line);
}

/** The value's type is that of the setting, so that a word of digits stays a word. */
async function changesOf(
  session: BoxSession,
  given: readonly string[],
): Promise<[SettingsView, readonly SettingChange[]]> {
  const view = await presentSettings(session);
  return [view, given.map((each) => changeOf(each, view))];
}

function changeOf(given: string, { settings }: SettingsView): SettingChange {
  const [, place = "", key = "", word = ""] = /^([^:=]+):([^=]+)=(.*)$/s.exec(given) ?? [];
  if (place === "") throw refusal("api.invalid-body", given, assignmentForm);
  const [first = "", point] = place.split("/");
  const wanted = point === undefined ? { zone: first, key } : { driver: first, point, key };
  const setting = settings.find((each) => placeText(each) === placeText(wanted));
  if (setting === undefined) throw refusal("settings.unknown", given, place);
  return { ...wanted, value: valueOfWord(word, setting) };
}

function valueOfWord(word: string, { form }: SettingView): SettingValue {
  if (word === "") return null;
  if (form.kind === "number") return Number.isNaN(Number(word)) ? word : Number(word);
  return form.kind === "flag" && /^(true|false)$/.test(word) ? word === "true" : word;
}

async function check(
  session: BoxSession,
  given: readonly string[],
  { json, language }: SettingsOptions,
): Promise<void> {
  const [, changes] = await changesOf(session, given);
  const view = await session.call<ProposalView>("POST", "/api/v1/settings/check", { changes });
  if (json === true) console.log(JSON.stringify(view, null, 2));
  else tellProposal(view, languageOf(language));
  if (!view.ok) process.exitCode = 1;
}

function tellProposal(view: ProposalView, language: Language): void {
  for (const { code, place, message, remedy } of view.troubles)
    console.error(`${code}  ${place}\n  ${message[language]} ${remedy[language]}`);
  for (const line of proposalLines(view, language)) console.log(line);
}

async function set(session: BoxSession, given: readonly string[], options: SettingsOptions): Promise<void> {
  const [{ revision }, changes] = await changesOf(session, given);
  const body = { changes, reason: options.reason, revision, ...(await secondOf(options)) };
  told(await session.call<Taken>("POST", "/api/v1/settings", body), options);
}

async function back(session: BoxSession, to: number, options: SettingsOptions): Promise<void> {
  const { revision } = await presentSettings(session);
  const body = { to, reason: options.reason, revision, ...(await secondOf(options)) };
  told(await session.call<Taken>("POST", "/api/v1/settings/back", body), options);
}

function told(taken: Taken, { json, language }: SettingsOptions): void {
  if (json === true) console.log(JSON.stringify(taken));
  else console.log(takenLine(taken, languageOf(language)));
}

async function secondOf({ second }: SettingsOptions): Promise<object> {
  if (second === undefined) return {};
  const pin = process.env[secondPinVariable] ?? (await readSecret("Second PIN 第二人口令: "));
  return { second: { name: second, pin } };
}

async function history(session: BoxSession, { json, language }: SettingsOptions): Promise<void> {
  const revisions = await session.call<readonly RevisionView[]>("GET", "/api/v1/settings/history");
  if (json === true) return console.log(JSON.stringify(revisions, null, 2));
  for (const line of historyLines(revisions, await presentSettings(session), languageOf(language))) console.log(line);
}
