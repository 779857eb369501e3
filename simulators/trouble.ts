// What goes wrong in the simulators because of what somebody handed in: a stable code and words for a person.

export type SimulationCode =
  | "simulation.invalid"
  | "simulation.invalid-body"
  | "simulation.invalid-scenario"
  | "simulation.invalid-recording"
  | "simulation.unknown-trigger"
  | "simulation.unknown-target"
  | "simulation.not-found"
  | "simulation.internal";

/** Expected trouble; the message names the place and what was seen there. */
export class SimulationError extends Error {
  readonly code: SimulationCode;
  constructor(code: SimulationCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SimulationError";
    this.code = code;
  }
}
