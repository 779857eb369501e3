// A vehicle that drives over the loops of a lane: which loop is occupied when.

export interface LoopChange {
  /** Milliseconds after the vehicle's front reaches the first loop. */
  readonly afterMs: number;
  readonly loop: string;
  readonly occupied: boolean;
}

/** A car that forces its way in: 40 km/h over two loops 5 m apart, each occupied for as long as the car is over it. */
const rushGapMs = 450;
const rushOverLoopMs = 500;

/** A rush 冲卡 over `first` and then `second`. */
export function rushOver(first: string, second: string): readonly LoopChange[] {
  return [
    { afterMs: 0, loop: first, occupied: true },
    { afterMs: rushGapMs, loop: second, occupied: true },
    { afterMs: rushOverLoopMs, loop: first, occupied: false },
    { afterMs: rushGapMs + rushOverLoopMs, loop: second, occupied: false },
  ];
}
