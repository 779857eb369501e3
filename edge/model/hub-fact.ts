// Facts that a hub raises itself, and the mark that every alarm bears, whoever raises it.
import type { Priority } from "./incident.js";

/** Present in the data of every record that a control room must see as an alarm. The same `key` is the same alarm. */
export interface AlarmMark {
  readonly key: string;
  readonly priority: Priority;
}

export interface HubFactMap {
  /** An outlet has not been reached for a while, and is there again. */
  "control-room.lost": { readonly alarm: AlarmMark; readonly room: string };
  "control-room.restored": { readonly room: string; readonly alarms: readonly string[] };
  "chain.forked": { readonly alarm: AlarmMark; readonly edge: string; readonly detail: string };
  "edge.silent": { readonly alarm: AlarmMark; readonly edge: string };
  /** Fewer different operators are signed in than the hub asks for. */
  "operators.too-few": { readonly alarm: AlarmMark; readonly present: number; readonly needed: number };
}
