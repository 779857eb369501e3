// portcullis commission people: who may act at this box with name and PIN. Works on the data folder; a running box notices.
import { mkdirSync } from "node:fs";
import { Command, Option } from "commander";
import { roleTexts } from "../../../config/words.js";
import {
  isFitName,
  type Person,
  peopleLimits,
  readPeople,
  writePeople,
} from "../../../edge/commissioning/people/people.js";
import { hashPin, isFitPin } from "../../../edge/commissioning/people/pin.js";
import { type Role, roles } from "../../../edge/model/command.js";
import { refusal } from "../../../edge/model/error.js";
import type { Language } from "../../../edge/model/text.js";
import { languageOf } from "../../box.js";
import { actAsOwner } from "../../data-owner.js";
import { readSecret } from "../../secret-input.js";
import { say } from "../../sentences.js";
import { run } from "../../terminal.js";

interface PeopleOptions {
  readonly data: string;
  readonly role?: readonly Role[];
  readonly duress?: boolean;
  readonly language?: string;
  readonly json?: boolean;
}

const texts = { disabled: { zh: "已停用", en: "disabled" } } as const;

export function peopleCommand(): Command {
  const base = (name: string, description: string) =>
    new Command(name)
      .description(description)
      .requiredOption("--data <folder>", "the box's data folder 数据目录")
      .option("--language <language>", "zh or en; the terminal's unless given 语言")
      .option("--json", "print JSON 输出 JSON")
      .hook("preAction", (command) => actAsOwner(command.opts<PeopleOptions>().data));
  const role = new Option("--role <role...>", "what the person is, one or several 角色").choices([...roles]);
  const duress = new Option("--duress", "also read a second PIN that works alike and raises a silent hold-up 胁迫口令");
  return new Command("people")
    .description("the box's own people 本机人员")
    .addCommand(
      base("add", "a person; the PIN is read from the terminal or standard input 添加人员")
        .argument("<name>")
        .addOption(role.makeOptionMandatory())
        .addOption(duress)
        .action((name: string, options: PeopleOptions) => run(() => add(name, options))),
    )
    .addCommand(base("list", "who there is 人员列表").action((options) => run(async () => list(options))))
    .addCommand(
      base("disable", "shut a person out; ends what is open at once 停用人员")
        .argument("<name>")
        .action((name, options) => run(async () => setDisabled(name, true, options))),
    )
    .addCommand(
      base("enable", "let a person in again 启用人员")
        .argument("<name>")
        .action((name, options) => run(async () => setDisabled(name, false, options))),
    )
    .addCommand(
      base("pin", "a new PIN, read from the terminal or standard input; the duress PIN goes unless --duress 更换口令")
        .argument("<name>")
        .addOption(duress)
        .action((name, options) => run(() => changePin(name, options))),
    );
}

async function add(name: string, options: PeopleOptions): Promise<void> {
  const people = readPeople(options.data);
  if (!isFitName(name)) throw refusal("people.name-unfit", name, "");
  if (people.some((person) => person.name === name)) throw refusal("people.known", name, "");
  if (people.length >= peopleLimits.people) throw refusal("people.too-many", name, `${peopleLimits.people} people`);
  const pins = await readPins(options.duress === true);
  put({ name, roles: options.role ?? [], disabled: false, ...pins, ...signed() }, options);
}

async function changePin(name: string, options: PeopleOptions): Promise<void> {
  const known = find(name, options);
  put({ ...known, ...(await readPins(options.duress === true)), ...signed() }, options);
}

function setDisabled(name: string, disabled: boolean, options: PeopleOptions): void {
  put({ ...find(name, options), disabled, ...signed() }, options);
}

function find(name: string, { data }: PeopleOptions): Person {
  const person = readPeople(data).find((each) => each.name === name);
  if (person === undefined) throw refusal("people.unknown", name, "");
  return person;
}

/** Read anew before it is written: typing a PIN takes a while. */
function put(person: Person, options: PeopleOptions): void {
  const people = readPeople(options.data);
  const others = people.filter(({ name }) => name !== person.name);
  // The first person is often there before the box has run.
  mkdirSync(options.data, { recursive: true, mode: 0o700 });
  writePeople(options.data, [...others, person]);
  if (options.json === true) console.log(JSON.stringify(view(person)));
  else console.log(lineOf(person, languageOf(options.language)));
}

function list({ data, json, language }: PeopleOptions): void {
  const people = readPeople(data);
  if (json === true) console.log(JSON.stringify(people.map(view)));
  else for (const person of people) console.log(lineOf(person, languageOf(language)));
}

const view = ({ name, roles: held, disabled, changedBy, changedAt }: Person) => ({
  name,
  roles: held,
  disabled,
  changedBy,
  changedAt,
});

function lineOf({ name, roles: held, disabled }: Person, language: Language): string {
  const words = held.map((role) => roleTexts[role][language]).join(language === "zh" ? "、" : ", ");
  return [name, words, ...(disabled ? [say(texts, language)("disabled")] : [])].join("  ");
}

function signed(): Pick<Person, "changedBy" | "changedAt"> {
  const user = process.env["SUDO_USER"] ?? process.env["USER"] ?? "?";
  return { changedBy: `command line: ${user}`, changedAt: new Date().toISOString() };
}

async function readPins(withDuress: boolean): Promise<Pick<Person, "pin" | "duressPin">> {
  const pin = await readFit("PIN 口令: ");
  if (!withDuress) return { pin: await hashPin(pin), duressPin: null };
  const duress = await readFit("Duress PIN 胁迫口令: ");
  if (duress === pin) throw refusal("people.pin-unfit", "PIN", "the duress PIN is the PIN");
  return { pin: await hashPin(pin), duressPin: await hashPin(duress) };
}

/** Typed twice at a terminal, where nobody sees what he types. */
async function readFit(prompt: string): Promise<string> {
  const pin = await readSecret(prompt);
  if (!isFitPin(pin)) throw refusal("people.pin-unfit", "PIN", "");
  if (process.stdin.isTTY && (await readSecret(`${prompt}(again 再次) `)) !== pin)
    throw refusal("people.pin-unfit", "PIN", "typed differently the second time");
  return pin;
}
