// How a point or the points of a zone are wired, as the configuration in force says, with what is seen there.
import type {
  DriverKind,
  FirmataPointConfig,
  GpioPointConfig,
  MqttPointConfig,
  OpcuaPointConfig,
} from "../../model/wiring.js";
import type { ZoneConfig } from "../../model/zone.js";
import type { PointNow } from "./points.js";

/** One of both. */
export interface WiringAsk {
  readonly zone: string | null;
  readonly point: string | null;
}

export interface WiredPoint {
  readonly driver: string;
  readonly kind: DriverKind;
  readonly config: MqttPointConfig | FirmataPointConfig | OpcuaPointConfig | GpioPointConfig;
  /** Chip of a GPIO line, endpoint of a server; null where the point says all. */
  readonly at: string | null;
}

export interface WiringReply {
  /** Those that read one of the points. */
  readonly zones: readonly ZoneConfig[];
  readonly points: readonly (WiredPoint & { readonly now: PointNow })[];
}
