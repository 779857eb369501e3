// A door contact on a double end-of-line loop, read as a voltage divider by an analog input.

/** Resistors of the detector's loop and of the input, in ohms. */
export interface LineSettings {
  readonly pullUpOhms: number;
  readonly endOhms: number;
  readonly alarmOhms: number;
}

export interface Line {
  readonly contact: "closed" | "open";
  readonly wiring: "sound" | "cut" | "short";
}

export const restingLine: Line = { contact: "closed", wiring: "sound" };

/** Resistance of the loop in ohms: end resistor alone while the contact is closed, both in series while it is open. */
export function lineOhms(line: Line, settings: LineSettings): number {
  if (line.wiring === "cut") return Number.POSITIVE_INFINITY;
  if (line.wiring === "short") return 0;
  return line.contact === "closed" ? settings.endOhms : settings.endOhms + settings.alarmOhms;
}

/** Raw value of an analog input of `fullScale` counts, not rounded; `fullScale` when the loop is cut. */
export function lineLevel(line: Line, settings: LineSettings, fullScale: number): number {
  const ohms = lineOhms(line, settings);
  return ohms === Number.POSITIVE_INFINITY ? fullScale : (fullScale * ohms) / (ohms + settings.pullUpOhms);
}
