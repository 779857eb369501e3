// portcullis keys device: what a field device needs to log in at the broker in the box, and how to shut one out.
import { existsSync } from "node:fs";
import { Command } from "commander";
import { ensureDevice, revokeDevice } from "../../config/field-pki.js";
import { credentialsPath, fieldCredentials, replacePassword } from "../../edge/field/mqtt/credentials.js";
import { fieldPkiFolder } from "../../edge/field/mqtt/key-files.js";
import { createClock } from "../../edge/machine/clock.js";
import { createRandom } from "../../edge/machine/random.js";
import { PortcullisError } from "../../edge/model/error.js";
import { actAsOwner } from "../data-owner.js";
import { run } from "../terminal.js";

interface DeviceOptions {
  readonly data: string;
  readonly password?: boolean;
  readonly revoke?: boolean;
  readonly json?: boolean;
}

/** What was done, and where the device's things lie. */
type Outcome = Readonly<Record<string, string | boolean>>;

export function addDeviceKeys(keys: Command): Command {
  const device = new Command("device")
    .description("certificate or password of a field device 现场设备的证书或密码")
    .argument("<id>", "id of the device in the configuration: its MQTT client id and certificate name")
    .requiredOption("--data <folder>", "the box's data folder")
    .option("--password", "the device logs in with a password (broker without tls, or tls.clients: password)")
    .option("--revoke", "shut the device out; a running box ends its connection within a second or two")
    .option("--json", "print as JSON")
    .hook("preAction", (command) => actAsOwner(command.opts<DeviceOptions>().data))
    .action((id: string, options: DeviceOptions) => run(() => runDevice(id, options)));
  return keys.addCommand(device);
}

async function runDevice(id: string, { data, password, revoke, json }: DeviceOptions): Promise<void> {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) {
    throw new PortcullisError({ code: "config.schema", place: "device", detail: `${JSON.stringify(id)} is no id` });
  }
  if (!existsSync(data)) {
    throw new PortcullisError({ code: "config.unreadable", place: data, detail: "there is no such folder" });
  }
  const act = password ? (revoke ? newPassword : showPassword) : revoke ? revokeCertificate : issueCertificate;
  const outcome = await act(data, id);
  if (json) return console.log(JSON.stringify({ device: id, ...outcome }));
  for (const [name, value] of Object.entries(outcome)) console.log(`${name.padEnd(12)} ${value}`);
}

async function issueCertificate(data: string, id: string): Promise<Outcome> {
  return ensureDevice(fieldPkiFolder(data), id, createClock().now().wall);
}

async function revokeCertificate(data: string, id: string): Promise<Outcome> {
  const serials = await revokeDevice(fieldPkiFolder(data), id, createClock().now().wall);
  if (serials.length > 0) return { revoked: serials.join(" ") };
  throw new PortcullisError({ code: "config.unreadable", place: id, detail: "the box has no certificate of it" });
}

/** The password itself is not printed: it would stay in the terminal's memory. */
async function showPassword(data: string, id: string): Promise<Outcome> {
  await fieldCredentials(data, [id], createRandom());
  return { user: id, passwordIn: credentialsPath(data) };
}

async function newPassword(data: string, id: string): Promise<Outcome> {
  await replacePassword(data, id, createRandom());
  return { user: id, passwordIn: credentialsPath(data), replaced: true };
}
