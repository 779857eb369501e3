// portcullis keys: who may talk to a box, and whom it trusts.
import { Command } from "commander";
import { addDeviceKeys } from "./keys-device.js";
import { addTrust } from "./keys-trust.js";

export function keysCommand(): Command {
  return addTrust(addDeviceKeys(new Command("keys").description("keys and certificates 密钥与证书")));
}
