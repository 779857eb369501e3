// When the alarm of the demo's cut fence is due.

/** The cut of the simulators is a row of blows; the zone is set to count three, and the third falls this late. */
const thirdBlowMs = 1_450;
/** After the trigger: the 5 s count from the blow that completes the count. */
export const cutAlarmWithinMs = thirdBlowMs + 5_000;
