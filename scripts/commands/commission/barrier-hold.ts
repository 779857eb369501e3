// Hold-to-run from a terminal: a key that is held down repeats, and each repetition shows that somebody holds it. No key, no sign.

import type { RunRow } from "../../../edge/commissioning/drives.js";
import type { HoldReply } from "../../../edge/commissioning/questions/drives.js";
import type { Language } from "../../../edge/model/text.js";
import type { BoxSession } from "../../box-session.js";
import { say } from "../../sentences.js";
import { barrierTexts } from "./barrier-lines.js";

/** A keyboard waits so long before a key that is held begins to repeat, ms. */
const firstRepeatMs = 700;
/** And no longer than this between two repetitions. */
const repeatMs = 250;
const signAfterMs = 150;

interface Held {
  readonly hold: string;
  readonly key: number;
}

/** Null when no key was pressed before the input ended. */
export async function holdOnTerminal(
  session: BoxSession,
  { barrier, language }: { readonly barrier: string; readonly language: Language },
  body: object,
): Promise<RunRow | null> {
  const words = say(barrierTexts, language);
  const keys = watchKeys();
  try {
    process.stderr.write(`${words("holdKey")}\n`);
    if (!(await keys.pressed())) return null;
    const line = await session.hold<Held>(`/api/v1/drives/${encodeURIComponent(barrier)}/hold`, body);
    try {
      const tell = (phase: "running" | "warning") => process.stderr.write(`${words(phase)}\n`);
      return await keepUp(session, line.first, { isHeld: () => keys.isHeld() && line.isOpen(), tell });
    } finally {
      line.close();
    }
  } finally {
    keys.close();
  }
}

interface Holder {
  isHeld(): boolean;
  tell(phase: "running" | "warning"): void;
}

async function keepUp(
  session: BoxSession,
  { hold, key: first }: Held,
  { isHeld, tell }: Holder,
): Promise<RunRow | null> {
  const path = `/api/v1/holds/${encodeURIComponent(hold)}`;
  let wasRunning = false;
  for (let key = first; ; ) {
    if (!isHeld()) return (await session.call<HoldReply>("DELETE", path)).run;
    const { underWay, run } = await session.call<HoldReply>("POST", path, { key });
    if (underWay === null || underWay.key === null) return run;
    if (underWay.isRunning !== wasRunning) tell(underWay.isRunning ? "running" : "warning");
    wasRunning = underWay.isRunning;
    key = underWay.key;
    await new Promise((resolve) => setTimeout(resolve, signAfterMs));
  }
}

function watchKeys() {
  const { stdin } = process;
  let count = 0;
  let lastAt = Number.NEGATIVE_INFINITY;
  let wake: (wasPressed: boolean) => void = () => undefined;
  const onData = (chunk: Buffer) => {
    // Ctrl-C and escape end it in raw mode too.
    if (chunk.includes(3) || chunk[0] === 27) return end();
    count += 1;
    lastAt = performance.now();
    wake(true);
  };
  const end = () => {
    lastAt = Number.NEGATIVE_INFINITY;
    wake(false);
  };
  if (stdin.isTTY) stdin.setRawMode(true);
  stdin.on("data", onData);
  stdin.on("end", end);
  stdin.resume();
  return {
    pressed: () =>
      new Promise<boolean>((resolve) => {
        wake = resolve;
      }),
    isHeld: () => performance.now() - lastAt < (count <= 1 ? firstRepeatMs : repeatMs),
    close() {
      stdin.off("data", onData);
      if (stdin.isTTY) stdin.setRawMode(false);
      stdin.pause();
    },
  };
}
