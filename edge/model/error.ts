// The catalogue of stable error codes. Texts in both languages stand in config/texts.ts, complete by type.

export const errorCodes = [
  // config
  "config.unreadable",
  "config.syntax",
  "config.schema",
  "config.reference",
  "config.duplicate",
  "config.timing",
  "config.safety",
  "config.edge-unknown",
  "config.not-newer",
  // field input
  "field.payload-invalid",
  "field.payload-oversize",
  "field.topic-refused",
  "field.login-refused",
  "field.dates-unchecked",
  "field.quality-bad",
  "field.noise",
  "field.unreachable",
  "field.certificate-untrusted",
  "field.certificate-invalid",
  "field.identity-refused",
  "field.secret-unusable",
  "field.keys-unwritable",
  "field.interval-revised",
  "field.write-refused",
  "field.write-unconfirmed",
  "field.no-gpio",
  "field.line-busy",
  "field.line-unknown",
  "field.edges-lost",
  // keys, as `portcullis keys` shows them
  "keys.unknown",
  "keys.ambiguous",
  // machine
  "machine.folder-in-use",
  "machine.refused",
  // journal
  "journal.torn-tail",
  "journal.corrupt",
  "journal.unreadable",
  "journal.misshapen",
  "journal.oversize",
  "journal.disk-full",
  "journal.sync-failed",
  "journal.chain-broken",
  "journal.volatile",
  "journal.queue-full",
  "journal.worker-died",
  "journal.signature-wrong",
  "journal.unsigned",
  "journal.hub-differs",
  "journal.tail-cut",
  "journal.beginning-cut",
  "journal.key-unusable",
  "journal.key-missing",
  // uplink and hub
  "uplink.unreachable",
  "uplink.message-invalid",
  "intake.record-invalid",
  "intake.chain-forked",
  "intake.gap",
  // keys between box and hub
  "keys.authority-missing",
  "keys.authority-unknown",
  "keys.code-refused",
  "keys.code-other-use",
  "keys.expiring",
  "keys.missing",
  "keys.hub-missing",
  "keys.register-damaged",
  "keys.renewal-refused",
  "keys.request-invalid",
  "keys.too-many",
  // commands and API
  "command.expired",
  "command.replayed",
  "command.unknown-target",
  "command.needs-two-persons",
  "command.not-allowed",
  "command.not-possible",
  "command.declined",
  "command.on-site-only",
  "drive.hold-over",
  "drive.lock-out-unkept",
  "alarm.protected",
  "arming.prevented",
  // the box's own people
  "people.none",
  "people.unknown",
  "people.known",
  "people.name-unfit",
  "people.pin-unfit",
  "people.too-many",
  // settings changed on site
  "settings.busy",
  "settings.no-revision",
  "settings.stale",
  "settings.unknown",
  // tests by hand
  "test.not-accepted",
  "test.busy",
  // recordings for tuning a vibration fibre
  "recording.none",
  "recording.running",
  "recording.silent",
  "recording.full",
  "recording.unwritable",
  "recording.damaged",
  "recording.too-long",
  // commissioning report and inventory
  "report.changed",
  "report.altered",
  "inventory.csv-invalid",
  "inventory.value-unfit",
  "inventory.device-unknown",
  "outlet.secret-unusable",
  "replace.folder-not-empty",
  "replace.unfinished",
  "replace.nothing-kept",
  "replace.damaged",
  "backup.unusable",
  "backup.damaged",
  "api.invalid-body",
  "api.invalid-query",
  "api.unauthenticated",
  "api.login-refused",
  "api.forbidden",
  "api.foreign",
  "api.password-wrong",
  "api.box-away",
  "api.password-missing",
  "api.not-found",
  "api.throttled",
  "api.login-slowed",
  "api.no-answer",
  "api.internal",
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** Trouble that is expected and shown to a person: a stable code, the place, and what was seen there. */
export interface Trouble {
  readonly code: ErrorCode;
  /** Where: file with line and column, topic, node, pin, path in a body. */
  readonly place: string;
  /** What was seen, in plain words or as the offending value; never a secret. */
  readonly detail: string;
}

/** Thrown at borders where the caller cannot go on; carries the trouble for the reader's language. */
export class PortcullisError extends Error {
  readonly trouble: Trouble;
  constructor(trouble: Trouble, options?: ErrorOptions) {
    super(`${trouble.code} at ${trouble.place}: ${trouble.detail}`, options);
    this.name = "PortcullisError";
    this.trouble = trouble;
  }
}

export function refusal(code: ErrorCode, place: string, detail: string): PortcullisError {
  return new PortcullisError({ code, place, detail });
}
