// A wired panel 值班盘 in the gatehouse: key switches and buttons that give the same orders as a person at the page, and lamps.
import type { Act, ActKind } from "./command.js";

export interface PanelConfig {
  readonly keys?: readonly PanelKeyConfig[];
  /** Button: true while it is pressed. Silences what sounds. */
  readonly silence?: string;
  /** Button: true while it is pressed. Resets every alarm whose causes are gone. */
  readonly reset?: string;
  readonly lamps?: PanelLampsConfig;
}

/** A key switch: turned to true it arms its areas, to false it disarms them. The position in which it is found does nothing. */
export interface PanelKeyConfig {
  readonly point: string;
  readonly areas: readonly string[];
}

/** Outputs, each steady or blinking (edge/response/lamps.ts). */
export interface PanelLampsConfig {
  /** Steady: every area of the keys is armed. Blinking: only some are, a way in or out is timed, or arming was prevented. */
  readonly armed?: string;
  /** Steady: every area of the keys is armed, or would be if the key were turned. */
  readonly ready?: string;
  /** Blinking: an alarm that nobody has acknowledged. Steady: all are acknowledged and not reset. */
  readonly alarm?: string;
  /** Blinking: a fault that nobody has taken on. Steady: every fault has somebody who sees to it. */
  readonly fault?: string;
  /** Steady: all that is held is closed. Blinking: something of it is not closed. */
  readonly lockDown?: string;
}

export const panelLamps = ["armed", "ready", "alarm", "fault", "lockDown"] as const;
export type PanelLamp = (typeof panelLamps)[number];

/** Who gives the orders of a panel: no person by name, with an operator's rights. */
export const panelIssuer = "panel";

/** All that a panel may order: nothing that frees a lane or takes a zone out. */
export const panelActs = ["arm", "disarm", "silence", "reset"] as const satisfies readonly ActKind[];
export type PanelAct = Extract<Act, { readonly kind: (typeof panelActs)[number] }>;

/** Input points of a panel. */
export function panelInputs({ keys = [], silence, reset }: PanelConfig): readonly string[] {
  return [...keys.map(({ point }) => point), silence, reset].filter((point) => point !== undefined);
}

/** Output points of its lamps. */
export function panelOutputs({ lamps = {} }: PanelConfig): readonly string[] {
  return panelLamps.flatMap((lamp) => lamps[lamp] ?? []);
}
