// Who may say and hear what at the hub's broker, by a table.
import { describe, expect, it } from "vitest";
import { hubRules } from "../../hub/broker/topics.js";

const rules = hubRules(["compound.gatehouse", "compound.annex", "bad name"]);
const own = "portcullis/v1/compound/gatehouse";

describe("the hub's broker", () => {
  it.each([
    ["compound.gatehouse", true],
    ["hub-intake", true],
    ["compound.stranger", false],
    ["bad name", false],
    [null, false],
  ])("admits the certificate name %s: %s", (certificateName, admitted) => {
    const certificateSerial = certificateName === null ? null : "4A";
    expect(
      rules.authenticate({ client: certificateName ?? "x", password: null, certificateName, certificateSerial }),
    ).toBe(admitted);
  });

  it.each([
    ["alarm", false, true],
    ["state", false, true],
    ["telemetry", false, true],
    ["status", true, true],
    ["result", false, true],
    ["renew", false, true],
    ["renew", true, false],
    ["renewed", false, false],
    ["alarm", true, false],
    ["ack", false, false],
    ["command", false, false],
    ["alarm/more", false, false],
  ])("lets a box publish its own %s (retained: %s): %s", (kind, retain, allowed) => {
    expect(rules.canPublish("compound.gatehouse", `${own}/${kind}`, retain)).toBe(allowed);
    expect(rules.canPublish("compound.annex", `${own}/${kind}`, retain)).toBe(false);
  });

  it.each([
    [`${own}/ack`, true],
    [`${own}/command`, true],
    [`${own}/renewed`, true],
    [`${own}/renew`, false],
    [`${own}/alarm`, false],
    [`${own}/+`, false],
    ["#", false],
    ["portcullis/v1/compound/annex/command", false],
  ])("lets a box hear %s: %s", (topic, allowed) => {
    expect(rules.canSubscribe("compound.gatehouse", topic)).toBe(allowed);
    expect(rules.canReceive("compound.gatehouse", topic)).toBe(allowed);
  });

  it("lets intake hear all and publish nothing retained", () => {
    expect(rules.canSubscribe("hub-intake", "portcullis/v1/+/+/alarm")).toBe(true);
    expect(rules.canPublish("hub-intake", `${own}/command`, false)).toBe(true);
    expect(rules.canPublish("hub-intake", `${own}/command`, true)).toBe(false);
  });

  it.each([
    ["compound.gatehouse", "4A", true],
    ["compound.gatehouse", "4B", false],
    ["compound.annex", "4A", true],
    ["compound.annex", "4D", false],
    ["compound.annex", "4E", true],
    ["compound.stranger", "4A", false],
    ["hub-intake", "4B", true],
  ])(
    "row 4: lets %s in with the certificate %s: %s, where 4B and 4D are revoked and all but 4A and 4E of the annex",
    (name, serial, admitted) => {
      const strict = hubRules(["compound.gatehouse", "compound.annex"], () => ({
        revoked: ["4B", "4D"],
        only: { "compound.annex": ["4A", "4E"] },
      }));
      const identity = { client: name, password: null, certificateName: name, certificateSerial: serial };
      expect(strict.authenticate(identity)).toBe(admitted);
    },
  );
});
