// How well people can follow the alarms, as a line above the list: read from time to time, shown only when there is something to say.

import { h } from "../../../edge/page/dom.js";
import type { AlarmMeasures } from "../views.js";
import { call, Refusal } from "./api.js";
import { say } from "./language.js";

const readEveryMs = 15_000;

/** What the hub measured last; null before the first time. */
export interface AlarmLoad {
  measured(): AlarmMeasures | null;
  close(): void;
}

export function followAlarmLoad(changed: () => void): AlarmLoad {
  let measured: AlarmMeasures | null = null;
  const read = () => {
    call<AlarmMeasures>("GET", "alarm-measures").then(
      (measures) => {
        measured = measures;
        changed();
      },
      (error: unknown) => {
        // The next time tells; that the line is down is shown elsewhere.
        if (!(error instanceof Refusal)) throw error;
      },
    );
  };
  read();
  const timer = setInterval(read, readEveryMs);
  return { measured: () => measured, close: () => clearInterval(timer) };
}

export function loadLine(measures: AlarmMeasures | null): HTMLElement | null {
  if (measures === null) return null;
  const { flood, perOperator, chattering, stale } = measures;
  const lines = [
    flood !== null && say("flood", { n: Math.round(perOperator) }),
    chattering.length > 0 && say("chattering", { n: chattering.length }),
    stale.length > 0 && say("stale", { n: stale.length }),
  ].filter((line) => line !== false);
  if (lines.length === 0) return null;
  return h("p", { "data-key": "load", class: "load", role: "status" }, lines.join(" · "));
}
