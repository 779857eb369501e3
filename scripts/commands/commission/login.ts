// portcullis commission login: opens a session at a box and keeps its token for the commands that follow.
import { Command } from "commander";
import { PortcullisError } from "../../../edge/model/error.js";
import { openSession, type SessionOptions, saveToken, sessionOptions } from "../../box-session.js";
import { run } from "../../terminal.js";

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
  else console.log(`${name}: logged in at ${url} 已登录${saved ? "" : " (not saved 未保存)"}`);
  if (!saved) process.exitCode = 1;
}
