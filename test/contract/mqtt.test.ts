// The contract of the Driver port on MQTT, with each kind of broker and login.
import { describe } from "vitest";
import { driverContract } from "./driver-suite.js";
import { withoutMosquitto } from "./mosquitto.js";
import { boxWithCertificate, boxWithPassword, existing, mosquittoHarness } from "./mqtt-rigs.js";

driverContract(boxWithPassword);
driverContract(boxWithCertificate);
driverContract(existing);
describe.skipIf(withoutMosquitto !== null)(withoutMosquitto ?? "with Mosquitto", () => {
  driverContract(mosquittoHarness("MQTT (Mosquitto, password)", false));
  driverContract(mosquittoHarness("MQTT (Mosquitto, mutual TLS and password)", true));
});
