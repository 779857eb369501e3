// The port through which the agent reaches the field. One contract suite runs on every implementation.
import type { Sample, WriteRequest, WriteResult } from "./point.js";

/** Whether the device behind a driver can be reached, as far as the driver knows. */
export interface DriverHealth {
  readonly connected: boolean;
  /** Milliseconds since the last sign of life of the device; null before the first. */
  readonly dataAgeMs: number | null;
  readonly reconnects: number;
  readonly errors: number;
  /** Last trouble, for people; empty when there is none. */
  readonly lastError: string;
}

/** Of the last measurements, in ms. */
export interface Spread {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** A driver's health with what the box has measured of it. */
export interface DriverStatus extends DriverHealth {
  /** From the moment for which a sample stands until the controller has judged it; null before the first. */
  readonly sampleMs: Spread | null;
  /** From a write until the hardware has confirmed it; null before the first. */
  readonly writeMs: Spread | null;
}

/** What a driver tells. Called on the reaction thread; must not throw. */
export interface DriverEvents {
  sample(sample: Sample): void;
  result(result: WriteResult): void;
  /** The connection came or went. Before `up: false` the driver reports every input as `lost`. */
  link(up: boolean, reason: string): void;
  /** Rubbish on the input or trouble that does not end the driver: a stable error code and what was seen where. */
  trouble(code: string, detail: string): void;
}

/**
 * One protocol endpoint.
 * - `open` resolves when the driver works on its connection by itself; it does not wait for the device and does not
 *   reject because the device is away. After each (re)connection it reads back every point, outputs included, and
 *   reports each as a sample.
 * - `write` never throws; exactly one result follows within the driver's own time limit.
 * - `close` resolves within 2 s and leaves outputs as they are.
 */
export interface Driver {
  open(events: DriverEvents): Promise<void>;
  write(request: WriteRequest): void;
  health(): DriverHealth;
  close(): Promise<void>;
}
