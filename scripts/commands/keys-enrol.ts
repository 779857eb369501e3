// portcullis keys enrol on a box; keys hub, boxes and revoke on the hub: the certificates by which both know each other.
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { edgeName } from "../../config/certificate-names.js";
import { hostsOf } from "../../config/certificates.js";
import { ensureHubPki } from "../../config/hub-pki.js";
import { loadHub, readConfigFile } from "../../config/load.js";
import { refusal } from "../../edge/model/error.js";
import { authorityFingerprint, readAuthority } from "../../hub/broker/authority.js";
import { mosquittoAcl } from "../../hub/broker/mosquitto-acl.js";
import { livingOf, openRegister, revocationsOf, statesOf } from "../../hub/broker/register.js";
import { actAsOwner } from "../data-owner.js";
import { type EnrolOptions, enrolAt, withHub } from "../enrolling.js";
import { run, tellTrouble } from "../terminal.js";

interface Place {
  readonly data: string;
  readonly json?: boolean;
}
interface Box extends Place {
  readonly site: string;
  readonly edge: string;
}
interface RevokeOptions extends Box {
  readonly reason: string;
}
interface HubOptions extends Place {
  readonly host: readonly string[];
}

export function addEnrolment(keys: Command): Command {
  const base = (name: string, description: string, data: string) =>
    new Command(name)
      .description(description)
      .requiredOption("--data <folder>", data)
      .option("--json", "print JSON")
      .hook("preAction", (command) => actAsOwner(command.opts<Place>().data));
  const box = (command: Command) =>
    command.requiredOption("--site <id>", "the box's site").requiredOption("--edge <id>", "the box");
  return keys
    .addCommand(
      withHub(
        box(base("enrol", "make this box's key and have its hub sign it 向平台登记本机", "the box's data folder")),
      ).action((options: EnrolOptions & Place) => run(() => enrol(options))),
    )
    .addCommand(
      base(
        "hub",
        "make a hub's authority and its own keys, where they or a name are missing 生成平台密钥",
        "the hub's data folder",
      )
        .option("--host <name...>", "names and addresses of the hub besides loopback", [])
        .action((options: HubOptions) => run(() => makeHub(options))),
    )
    .addCommand(
      base("boxes", "certificates of boxes at this hub 主机证书列表", "the hub's data folder").action(
        (options: Place) => run(async () => listBoxes(options)),
      ),
    )
    .addCommand(
      new Command("acl")
        .description("what an existing Mosquitto must enforce, as its acl_file 现有 MQTT 服务器的访问控制")
        .requiredOption("--config <file>", "hub file")
        .action(({ config }: { config: string }) => run(async () => printAcl(config))),
    )
    .addCommand(
      box(base("revoke", "shut a box out at once, also beside a running hub 吊销主机证书", "the hub's data folder"))
        .requiredOption("--reason <words>", "stands in the hub's chain")
        .action((options: RevokeOptions) => run(async () => revoke(options))),
    );
}

async function enrol(options: EnrolOptions & Place): Promise<void> {
  const { name, serial, expiresAt, authority } = await enrolAt("/api/v1/enrolments", options);
  if (options.json === true) console.log(JSON.stringify({ name, serial, expiresAt, authority }));
  else {
    console.log(`${name}: certificate ${serial}, until ${expiresAt}. A running box connects with it by itself.`);
    console.log("登记完成；运行中的主机会自动使用新证书，旧证书在新证书连接后失效。");
  }
}

async function makeHub({ data, host, json }: HubOptions): Promise<void> {
  const pki = join(data, "pki");
  // An authority whose key is kept elsewhere is not replaced: every box would be shut out.
  if (existsSync(join(pki, "ca.pem"))) readAuthority(pki);
  await ensureHubPki(pki, { edges: [], hosts: host, now: Date.now(), authorityName: "Portcullis authority" });
  const fingerprint = authorityFingerprint(pki);
  const hosts = hostsOf(new X509Certificate(readFileSync(join(pki, "hub.pem"))));
  if (json === true) console.log(JSON.stringify({ pki, fingerprint, hosts }));
  else {
    console.log(`${pki}: authority 签发机构 ${fingerprint}`);
    console.log(
      `hub 平台: ${hosts.join(", ")}. A running hub takes new names at its next start. 新名称在平台重启后生效。`,
    );
  }
}

function listBoxes({ data, json }: Place): void {
  const states = statesOf(openHubRegister(data), new Map()).map(({ connected: _connected, ...state }) => state);
  if (json === true) {
    console.log(JSON.stringify(states));
    return;
  }
  for (const { name, serial, via, since, expiresAt, revoked } of states) {
    const end =
      revoked === null ? `until ${expiresAt ?? "?"}` : `revoked 已吊销 ${revoked.at} ${revoked.by}: ${revoked.reason}`;
    console.log(`${name}  ${serial}  ${via}  ${since}  ${end}`);
  }
}

function revoke({ data, site, edge, reason, json }: RevokeOptions): void {
  const register = openHubRegister(data);
  const name = edgeName(site, edge);
  const serials = livingOf(register, name).map(({ serial }) => serial);
  const why = {
    at: new Date().toISOString(),
    by: `command line: ${process.env["SUDO_USER"] ?? process.env["USER"] ?? "?"}`,
    reason,
  };
  register.revoke(...revocationsOf(register, name, why));
  if (json === true) console.log(JSON.stringify({ name, revoked: serials }));
  else
    console.log(`${name}: ${serials.length} certificates, and whatever else bears the name. 该主机的证书已全部吊销。`);
}

function printAcl(config: string): void {
  const text = readConfigFile(config);
  const loaded = text.ok ? loadHub(text.text, config) : text;
  if (!loaded.ok) {
    for (const trouble of loaded.troubles) tellTrouble(trouble);
    process.exit(1);
  }
  const { sites, existingBroker } = loaded.hub;
  const boxes = sites.flatMap(({ site, edges }) => edges.map((edge) => edgeName(site, edge)));
  process.stdout.write(mosquittoAcl(boxes, existingBroker?.user));
}

function openHubRegister(data: string) {
  const pki = join(data, "pki");
  if (!existsSync(join(pki, "ca.pem"))) throw refusal("config.unreadable", pki, "this is no hub's data folder");
  return openRegister(pki, Date.now());
}
