// What both ways to the pins offer: a chip found by its label, and lines on it. The driver knows no more than this.

import type { MonoMs } from "../../model/time.js";
import type { GpioPointConfig } from "../../model/wiring.js";

/** Levels are logical: true is active, whatever the wire's polarity. */
export interface GpioLine {
  /** Throws when the chip is gone. */
  read(): boolean;
  write(value: boolean): void;
}

/** Told on the reaction thread. `at` is the kernel's time of the edge; null when it gives none. */
export type EdgeTold = (value: boolean, at: MonoMs | null) => void;

export interface GpioChip {
  /** Which way it is, and what that way cannot do; for people. */
  readonly about: string;
  /**
   * Takes a line. An output keeps the level that it drives; one that is no output yet starts inactive.
   * Throws PortcullisError `field.line-busy` or `field.line-unknown`.
   */
  take(point: GpioPointConfig, edge: EdgeTold): GpioLine;
  /** Edges are no longer told; outputs stay as far as the kernel allows. */
  close(): Promise<void>;
}

/** Finds the chip by its label; a string says why this way does not lead to it. */
export type OpenChip = (label: string) => Promise<GpioChip | string>;
