// What a vibration fibre's detector was given lately, on its way to the thread that judges it again for whoever looks.
import type { Text } from "../../model/text.js";
import type { MonoMs } from "../../model/time.js";
import type { FibreSettings } from "../../model/zone.js";
import type { BlockRun } from "../vibration/block-book.js";

export interface VibrationAsk {
  readonly zone: string;
  /** Only blocks that ended since; null: all that are kept. Monotonic. */
  readonly since: MonoMs | null;
}

export interface VibrationReply {
  readonly zone: string;
  readonly name: Text;
  readonly now: MonoMs;
  readonly revision: number;
  /** In force at this moment. */
  readonly settings: FibreSettings;
  /** Null: nothing was heard since the start. */
  readonly run: BlockRun | null;
}
