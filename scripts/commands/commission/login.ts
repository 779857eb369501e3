// portcullis commission login: opens a session at a box and keeps its token for the commands that follow.
import { Command } from "commander";
import { PortcullisError } from "../../../edge/model/error.js";
import { languageOf } from "../../box.js";
import { openSession, type SessionOptions, saveToken, sessionOptions } from "../../box-session.js";
import { say } from "../../sentences.js";
import { run } from "../../terminal.js";

const texts = {
  saved: { zh: "{name} 已登录 {url}。", en: "{name} is logged in at {url}." },
  notSaved: {
    zh: "{name} 已登录 {url}，但登录状态无法保存，后续命令需要重新输入口令。",
    en: "{name} is logged in at {url}, but it could not be saved: the next command asks for the PIN again.",
  },
} as const;

export function loginCommand(): Command {
  const login = new Command("login").description("log in at a box for the commands that follow 登录主机");
  for (const [flags, description, initial] of sessionOptions) login.option(flags, description, initial);
  return login.action((options: SessionOptions) => run(() => logIn(options)));
}

async function logIn(options: SessionOptions): Promise<void> {
  const { name, url, json } = options;
  if (name === undefined)
    throw new PortcullisError({ code: "api.unauthenticated", place: "--name", detail: "who logs in?" });
  const saved = saveToken(url, await openSession(options, name));
  if (json === true) console.log(JSON.stringify({ name, url, saved }));
  else console.log(say(texts, languageOf(options.language))(saved ? "saved" : "notSaved", { name, url }));
  if (!saved) process.exitCode = 1;
}
