// What a hub's configuration says of control rooms other than ZeroMQ: where alarms go, in which protocol, who may act there.
import { type Static, Type } from "typebox";
import type { Role } from "../edge/model/command.js";
import { exposed } from "./rules/exposure.js";
import { closed, flag, host, id, line, list, port, whole } from "./schema/terms.js";
import { type Finding, unsafe } from "./trouble.js";

const role = Type.Unsafe<Role>(
  Type.String({ enum: ["operator", "supervisor"], description: "What persons at this control room may do." }),
);
const name = id("Unique among all outlets; names its place in the data folder and its secret.");
const hex = (least: number, most: number, description: string) =>
  Type.String({ pattern: `^[0-9A-F]{${least},${most}}$`, description });

export const outletsSchema = closed(
  {
    mqtt: Type.Optional(
      closed(
        {
          host,
          port,
          rooms: list(
            closed({
              name: id("Certificate name and client id of the control room."),
              role: Type.Optional(role),
            }),
            1,
            64,
          ),
        },
        "A broker for control rooms, by mutual TLS: a picture of each alarm at portcullis/v1/alarms/{site}/{edge}/{id}. Without a role a room only listens.",
      ),
    ),
    opcua: Type.Optional(
      closed(
        { host, port },
        "OPC UA Alarms & Conditions, signed and encrypted; users are the hub's. Clients are trusted by `portcullis keys trust`.",
      ),
    ),
    dc09: Type.Optional(
      list(
        closed({
          name,
          host,
          port,
          transport: Type.Unsafe<"tcp" | "udp">(Type.String({ enum: ["tcp", "udp"] })),
          format: Type.Unsafe<"SIA-DCS" | "ADM-CID">(
            Type.String({ enum: ["SIA-DCS", "ADM-CID"], description: "SIA event codes with text, or Contact ID." }),
          ),
          account: hex(3, 16, "Account at the receiver, capital hexadecimal digits."),
          receiver: Type.Optional(hex(1, 6, "Receiver number; absent: none is sent.")),
          line: Type.Optional(hex(1, 6, "Line number; absent: 0.")),
          encrypted: flag("AES; the key stands in outlets/secrets.json of the data folder."),
          supervisionSeconds: whole("A link test after so much silence, as the receiver expects it.", 5, 86_400),
          answerSeconds: Type.Optional(whole("An answer must come within; absent: 10.", 1, 60)),
          tries: Type.Optional(whole("Sendings before the line is dialled anew; absent: 3.", 1, 10)),
        }),
        0,
        16,
      ),
    ),
    webhooks: Type.Optional(
      list(
        closed({
          name,
          url: line("https://host/path; http:// on this machine only.", 1024),
          ca: Type.Optional(line("PEM file of the authority to trust, from the data folder; absent: the system's.")),
          answerSeconds: Type.Optional(whole("An answer must come within; absent: 10.", 1, 60)),
          giveUpHours: Type.Optional(whole("A message stands aside after so long; absent: 72.", 1, 720)),
        }),
        0,
        16,
      ),
    ),
  },
  "Where else alarms go.",
);

export type OutletsConfig = Static<typeof outletsSchema>;

const say = (zh: string, en: string) => ({ zh, en });

/** Names of the outlets of which there is one. */
const fixedNames = ["mqtt", "opcua"];

export function outletFindings({ mqtt, dc09 = [], webhooks = [] }: OutletsConfig): Finding[] {
  const taken = new Set(fixedNames);
  return [
    ...twice(["mqtt", "rooms"], mqtt?.rooms ?? []),
    ...twice(["dc09"], dc09, taken),
    ...twice(["webhooks"], webhooks, taken),
    ...webhooks.flatMap(({ url }, index) => urlFindings(url, index)),
  ];
}

function twice(path: readonly string[], named: readonly { readonly name: string }[], seen = new Set<string>()) {
  return named.flatMap(({ name: own }, index): Finding[] => {
    if (!seen.has(own)) {
      seen.add(own);
      return [];
    }
    return [
      {
        code: "config.duplicate",
        path: ["outlets", ...path, index, "name"],
        message: say(`名称 ${own} 已被占用。`, `The name ${own} is taken.`),
        remedy: say("每个出口使用不同的名称。", "Give each outlet a name of its own."),
      },
    ];
  });
}

function urlFindings(url: string, index: number): Finding[] {
  const path = ["outlets", "webhooks", index, "url"];
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !["http:", "https:"].includes(parsed.protocol))
    return [
      {
        code: "config.schema",
        path,
        message: say(`${url} 不是网址。`, `${url} is no web address.`),
        remedy: say("写成 https://主机/路径。", "Write https://host/path."),
      },
    ];
  if (parsed.username !== "" || parsed.password !== "")
    return [
      unsafe(
        path,
        say("网址中含有口令。", "The address holds a password."),
        say("删除口令；消息已签名，可据此校验。", "Remove it; messages are signed, and the receiver can check that."),
      ),
    ];
  return parsed.protocol === "http:" ? exposed("webhook", path, parsed.hostname) : [];
}
