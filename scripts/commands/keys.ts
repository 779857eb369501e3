// portcullis keys: who may talk to a box, and whom it trusts.
import { Command } from "commander";
import { addDeviceKeys } from "./keys-device.js";
import { addEnrolment } from "./keys-enrol.js";
import { addTrust } from "./keys-trust.js";

export function keysCommand(): Command {
  return addEnrolment(addTrust(addDeviceKeys(new Command("keys").description("keys and certificates 密钥与证书"))));
}
