// The topics between a box and its hub.
import type { Lane } from "../model/record.js";

export interface Topics {
  readonly lanes: Record<Lane, string>;
  /** From the hub. */
  readonly ack: string;
  readonly command: string;
  /** A new certificate for the request of `renew`, or why there is none. */
  readonly renewed: string;
  /** To the hub. */
  readonly result: string;
  readonly status: string;
  readonly renew: string;
}

export function topicsOf(site: string, edge: string): Topics {
  const at = (last: string) => `portcullis/v1/${site}/${edge}/${last}`;
  return {
    lanes: { alarm: at("alarm"), state: at("state"), telemetry: at("telemetry") },
    ack: at("ack"),
    command: at("command"),
    renewed: at("renewed"),
    result: at("result"),
    status: at("status"),
    renew: at("renew"),
  };
}
