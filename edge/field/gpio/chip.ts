// What both ways to the pins offer: a chip found by its label, and lines on it. The driver knows no more than this.

import type { PortcullisError } from "../../model/error.js";
import type { MonoMs } from "../../model/time.js";
import type { GpioPointConfig } from "../../model/wiring.js";

/** Levels are logical: true is active, whatever the wire's polarity. */
export interface GpioLine {
  /** Throws when the chip is gone. */
  read(): boolean;
  write(value: boolean): void;
}

/** Told on the reaction thread, by point. */
export interface EdgeEvents {
  /** `at` is the kernel's time of the edge; null when it gives none. */
  edge(point: string, value: boolean, at: MonoMs | null): void;
  /** The kernel's queue ran over: so many edges of the point were never seen. */
  missed(point: string, edges: number): void;
}

/** By point: the line, or why it cannot be had (`field.line-busy`, `field.line-unknown`, `field.unreachable`). */
export type Taken = ReadonlyMap<string, GpioLine | PortcullisError>;

export interface GpioChip {
  /** Which way it is, and what that way cannot do; for people. */
  readonly about: string;
  /** Takes lines. An output keeps the level that it drives; one that is no output yet starts inactive. */
  take(points: readonly GpioPointConfig[], events: EdgeEvents): Taken;
  /** Edges are no longer told; outputs stay as far as the kernel allows. */
  close(): Promise<void>;
}

/** Finds the chip by its label; a string says why this way does not lead to it. */
export type OpenChip = (label: string) => Promise<GpioChip | string>;
