// A vehicle loop in the lane: what its detector says. Starts the path of every interlock and of a vehicle rush.

/** lost: the detector gives no valid signal (broken wire in the road, detector without power). */
export type VehicleLoop = "free" | "occupied" | "lost";

/** A detector that gives no valid signal never frees a drive. */
export function holdsDrive(loop: VehicleLoop): boolean {
  return loop !== "free";
}
