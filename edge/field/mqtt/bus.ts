// The way to the field devices' topics, whoever runs the broker: two implementations, box-bus.ts and external-bus.ts.
import type { ErrorCode } from "../../model/error.js";
import type { MonoMs } from "../../model/time.js";

export interface BusMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Stored by the broker some time ago: a level, never an edge. */
  readonly retained: boolean;
  readonly receivedAt: MonoMs;
}

export interface BusEvents {
  /** Subscribed: what is said from now on is heard. */
  up(): void;
  down(reason: string): void;
  message(message: BusMessage): void;
  /** The connection of a device has ended; only a broker in the box sees that. */
  gone(device: string): void;
  refused(code: ErrorCode, detail: string, count: number): void;
}

export interface Bus {
  /** Rejects only when a broker in the box cannot listen. */
  open(events: BusEvents): Promise<void>;
  /** Rejects when nobody can take it. */
  publish(topic: string, payload: string): Promise<void>;
  close(): Promise<void>;
}

/** Topics by who says what, taken from the driver's config. */
export interface BusTopics {
  /** What this driver listens to. */
  readonly heard: readonly string[];
  /** What a device may publish, by its id. */
  readonly published: ReadonlyMap<string, ReadonlySet<string>>;
  /** What a device may receive, by its id. */
  readonly received: ReadonlyMap<string, ReadonlySet<string>>;
}
