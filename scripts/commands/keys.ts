// portcullis keys: who may talk to a box.
import { Command } from "commander";
import { addDeviceKeys } from "./keys-device.js";

export function keysCommand(): Command {
  return addDeviceKeys(new Command("keys").description("keys and certificates 密钥与证书"));
}
