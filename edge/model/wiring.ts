// What a configuration says of drivers and their points: which protocol, where, and how a signal is read there.

interface PointBase {
  readonly id: string;
  readonly direction: "in" | "out";
  /** Declared time between the physical change, or the end of a block of samples, and its arrival here; part of the timing proof. */
  readonly latencyMs?: number;
  /** Without a sample for this long the point counts as lost. Absent: the driver's own liveness decides. */
  readonly silentAfterMs?: number;
}

export type DriverConfig = MqttDriverConfig | FirmataDriverConfig | OpcuaDriverConfig | GpioDriverConfig;
export type DriverKind = DriverConfig["kind"];

/** Environment variable of a login's password, with the driver's id in capitals and `_` for what no variable's name can have. */
export function passwordVariable(kind: "mqtt" | "opcua", driver: string): string {
  return `PORTCULLIS_${kind.toUpperCase()}_PASSWORD_${driver.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}`;
}

/** What every point has, whatever its driver. */
export type PointConfig = PointBase;

/** Field devices on a broker in the box (`broker`) or on an existing one (`url`). */
export interface MqttDriverConfig {
  readonly id: string;
  readonly kind: "mqtt";
  readonly broker?: {
    readonly host: string;
    readonly port: number;
    readonly connectionsMax: number;
    readonly packetBytesMax: number;
    /**
     * `certificate`: each device shows one of DIR/field-pki's authority with its id as common name. `password`: over TLS.
     * Absent: password without TLS, on loopback only.
     */
    readonly tls?: {
      readonly clients: "certificate" | "password";
      /** Names and addresses of the box in its certificate, besides `host` and loopback. */
      readonly hosts?: readonly string[];
    };
  };
  readonly url?: string;
  /** Password of `user` at `url`: PORTCULLIS_MQTT_PASSWORD_ID, else DIR/secrets/mqtt-ID (0600). */
  readonly login?: { readonly user: string };
  /** Files for `mqtts:`, from DIR when relative; keys 0600. Without `ca` the authorities that Node.js knows. */
  readonly tls?: { readonly ca?: string; readonly certificate?: string; readonly key?: string };
  readonly devices: readonly MqttDeviceConfig[];
  readonly points: readonly MqttPointConfig[];
}

/** `id`: name in the login, from DIR/field-credentials.json (made at first start, 0600) or in the certificate. */
export interface MqttDeviceConfig {
  readonly id: string;
  readonly aliveTopic: string;
  readonly silentAfterMs: number;
  /** Where its last will comes: it is lost at once. Default: `aliveTopic`. */
  readonly willTopic?: string;
  /** What the will says. Default: offline. */
  readonly willPayload?: string;
}

/**
 * `payload` plain: the text itself, `on`/`off` name the two states. json: the value at `path` (dots), with `on`/`off`
 * for two states. level: `{"t0":ms,"periodUs":n,"values":[...]}`. number: a finite number, alone or at `path` of a JSON
 * payload. text: at most 256 characters, the words of a drive or a message to send. `on` absent: true, 1, "1", "true", "on".
 * Outputs publish `on`/`off`, or the text, to `topic` and are confirmed by the same value on `confirmTopic`.
 */
export interface MqttPointConfig extends PointBase {
  readonly device: string;
  readonly topic: string;
  readonly payload: "plain" | "json" | "level" | "number" | "text";
  readonly path?: string;
  readonly on?: string;
  readonly off?: string;
  readonly sourceTimePath?: string;
  readonly confirmTopic?: string;
  readonly confirmWithinMs?: number;
}

export interface FirmataDriverConfig {
  readonly id: string;
  readonly kind: "firmata";
  readonly transport:
    | { readonly kind: "tcp"; readonly host: string; readonly port: number }
    | { readonly kind: "serial"; readonly path: string; readonly baud: number };
  readonly samplingMs: number;
  readonly points: readonly FirmataPointConfig[];
}

/** `analog`: raw 0..1023 of analog channel `pin`. `digital`: boolean of digital pin `pin`. `relay`: output. */
export interface FirmataPointConfig extends PointBase {
  readonly pin: number;
  readonly signal: "analog" | "digital" | "relay";
  readonly pullUp?: boolean;
  /** Digital in: low means true. Relay: low energises. */
  readonly activeLow?: boolean;
  /** Relay: write the last wanted value again after the board reconnects. */
  readonly replay?: boolean;
}

export interface OpcuaDriverConfig {
  readonly id: string;
  readonly kind: "opcua";
  /** `opc.tcp://host:4841` */
  readonly endpoint: string;
  readonly security: OpcuaSecurity;
  readonly samplingMs: number;
  readonly publishingMs: number;
  /** A node that the server changes by itself; unchanged for `watchdogMs` the server counts as dead. */
  readonly heartbeat: string;
  readonly watchdogMs: number;
  readonly points: readonly OpcuaPointConfig[];
}

export interface OpcuaSecurity {
  readonly mode: "none" | "sign-and-encrypt";
  /** Basic256Sha256 unless given. */
  readonly policy?: "Basic256Sha256" | "Aes128_Sha256_RsaOaep" | "Aes256_Sha256_RsaPss";
  /** Logs in by name; the password is in DIR/opcua/ID/password (0600), else in PORTCULLIS_OPCUA_PASSWORD_ID. */
  readonly user?: string;
  /** Logs in by the certificate in DIR/opcua/ID/user, made at first need. */
  readonly userCertificate?: boolean;
}

/**
 * A variable. In: read. Out: written and read back, or with `methods` commanded by calls and confirmed by what the
 * variable shows then. `type` is what the variable means here; the number types of the server are met by themselves.
 */
export interface OpcuaPointConfig extends PointBase {
  /** For example `ns=1;s=B1.Closed`. */
  readonly node: string;
  readonly type: "boolean" | "int32" | "double" | "string";
  /** Carries out every order that `methods` does not name. */
  readonly method?: OpcuaMethod;
  readonly methods?: readonly (OpcuaMethod & { readonly order: boolean | number | string })[];
  /** An output must be confirmed within. */
  readonly confirmWithinMs?: number;
}

export interface OpcuaMethod {
  readonly object: string;
  readonly method: string;
  /** `$order` stands for the order. */
  readonly args?: readonly (boolean | number | string)[];
  /** What the point's node shows when the order is carried out; the order itself unless given. */
  readonly confirm?: boolean | number | string;
}

export interface GpioDriverConfig {
  readonly id: string;
  readonly kind: "gpio";
  /** The chip's label, for example `pinctrl-rp1`; numbers of chips change between kernels. */
  readonly chip: string;
  readonly points: readonly GpioPointConfig[];
}

export interface GpioPointConfig extends PointBase {
  /** Offset on the chip, or the line's name such as `GPIO17`. */
  readonly line: number | string;
  readonly activeLow?: boolean;
  readonly bias?: "pull-up" | "pull-down" | "disabled";
  readonly debounceUs?: number;
}
