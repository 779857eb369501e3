// Schemas of each kind of zone, the same as the types in edge/model/zone.ts.
import { type Static, Type } from "typebox";
import type { ZoneConfig } from "../../edge/model/zone.js";
import { type Assert, choice, closed, flag, id, line, ms, ratio, type Same, text, whole } from "./terms.js";

const share = (description: string) => ratio(description, 0, 1);
const base = {
  id: id(),
  name: text,
  area: id("Area to which the zone belongs."),
  camera: Type.Optional(line("Id or position of a camera.", 64)),
  position: Type.Optional(
    closed(
      { plan: id("Plan of the site."), x: share("Share of its width."), y: share("Share of its height.") },
      "Place on a plan, for a graphic display.",
    ),
  ),
  entryRoute: Type.Optional(flag("On the way in: waits for the area's entry time.")),
  soundingsMax: Type.Optional(
    whole("Soundings until it is reset by hand or armed anew; later alarms are shown, not sounded.", 1, 100),
  ),
};
const ohms = (description: string) => whole(`${description} Ohms.`, 1, 10_000_000);
const tamper = Type.Optional(id("Input that is true while the detector's case is open."));

const loop = closed(
  {
    pullUpOhms: ohms("Resistor to the supply."),
    endOhms: ohms("End-of-line resistor."),
    alarmOhms: Type.Optional(ohms("Resistor that the alarm adds; absent: an open loop is the alarm.")),
    maskOhms: Type.Optional(ohms("Resistor that masking or a fault adds.")),
    fullScale: whole("Raw value of the supply voltage, 1023 on a 10-bit board.", 15, 65_535),
    tolerance: ratio("Accepted deviation of the loop's resistance, 0.2 = 20 %.", 0.01, 0.5),
  },
  "End-of-line supervision: cut and short are told from alarm.",
);

/** A two-state detector; `filterMsMax` is what its norm or its use allows. */
const contact = <K extends string>(kind: K, filterMsMax: number) => ({
  ...base,
  kind: Type.Literal(kind),
  point: id("Input that is true while the detector is active; with `loop` the raw value of the loop."),
  loop: Type.Optional(loop),
  normally: Type.Optional(
    Type.Enum(["open", "closed"], { description: "closed: the contact is closed at rest, so false is active." }),
  ),
  tamper,
  mask: Type.Optional(id("Input that is true while the detector is masked.")),
  filterMs: ms("A change must last this long.", 0, filterMsMax),
});

/** Filter of a detector of people and vehicles: longer would miss some. */
const detectorMs = 400;
const fireMs = 2000;
/** Slow things: a lane that stays blocked, water, a supply, the climate. */
const slowMs = 600_000;

const broken = Type.Optional(id("Input that is true when the fibre is cut."));
const releaseWired = Type.Literal(true, {
  description: "The fire panel frees escape routes by its own wiring (rule 8).",
});

const limit = closed({
  ...base,
  kind: Type.Enum(["temperature", "humidity", "liquid-level", "voltage"]),
  point: id("Input with the measured value."),
  high: Type.Optional(Type.Number({ description: "Alarm above this value, in the unit of the point." })),
  low: Type.Optional(Type.Number({ description: "Alarm below this value." })),
  hysteresis: ratio("So far back inside the limit it is over.", 0, 1e9),
  filterMs: ms("A change must last this long.", 0, slowMs),
});

export const fibreSettings = closed({
  baselineMs: ms("Time constant of the adaptive baseline.", 1000, 600_000),
  threshold: ratio("Event above this multiple of the baseline.", 1.1, 1000),
  levelFloor: ratio("Below this absolute level nothing counts; unit of the source.", 0, 1e12),
  eventCount: whole("Events needed within the window.", 1, 100),
  eventWindowMs: ms("Window in which events are counted.", 100, 300_000),
  maskMs: ms("Dead time after an event.", 0, 10_000),
  sustainedMs: ms("Activity of this length without pause is a climb.", 100, 60_000),
  climbThreshold: Type.Optional(ratio("Activity above this multiple of the baseline.", 1.1, 1000)),
  windReject: ratio("A slow rise lifts the threshold by up to this factor, 1 = off.", 0, 10),
});

const fibre = closed({
  ...base,
  kind: Type.Literal("vibration-fibre"),
  level: id("Input with blocks of level samples."),
  broken,
  settings: fibreSettings,
});

const rush = closed({
  ...base,
  kind: Type.Enum(["vehicle-rush", "pedestrian-rush"]),
  barrier: id("Barrier of the lane."),
  first: id("First loop or beam in the direction of travel."),
  second: id("Second loop or beam."),
  rushMs: ms("Both in order within this time.", 100, 10_000),
});

const beamPair = closed({
  ...base,
  kind: Type.Literal("beam-pair"),
  first: id("Outer beam."),
  second: id("Inner beam."),
  withinMs: ms("Both in order within this time.", 50, 60_000),
  counts: Type.Enum(["inward", "outward", "both"]),
});

const granted = id("Input that is true while access control lets somebody through.");
const grantMs = ms("A grant covers a passage for so long after it has ended.", 0, 60_000);
const heldOpen = (description: string) => ms(description, 1000, 600_000);

const accessDoor = closed({
  ...contact("access-door", detectorMs),
  granted,
  grantMs,
  heldOpenMs: heldOpen("Open for longer is held open."),
  heldOpenRaisedMs: Type.Optional(heldOpen("The same in any posture above normal.")),
});

const turnstile = closed({
  ...base,
  kind: Type.Literal("turnstile"),
  granted,
  passed: id("Input that is true for a moment at each passage."),
  grantMs,
  tamper,
});

export const zone = choice(
  closed(contact("door-contact", detectorMs)),
  closed(contact("infrared-beam", detectorMs)),
  closed(contact("passive-infrared", detectorMs)),
  closed({ ...contact("fibre-alarm", detectorMs), broken }),
  fibre,
  beamPair,
  closed(contact("vehicle-loop", detectorMs)),
  closed({ ...contact("video-analyser", detectorMs), camera: line("Camera that it watches.", 64) }),
  accessDoor,
  turnstile,
  closed({ ...contact("panic-button", detectorMs), audible: flag("False: a silent hold-up device.") }),
  closed(contact("tamper", detectorMs)),
  closed({ ...contact("fire-input", fireMs), releaseWired }),
  rush,
  closed(contact("fire-lane", slowMs)),
  closed({
    ...contact("power", slowMs),
    supply: Type.Enum(["mains", "battery", "sensor-supply", "siren-line", "drive-accumulator", "under-voltage"]),
  }),
  closed(contact("leak", slowMs)),
  limit,
);
export type ZoneMatches = Assert<Same<Static<typeof zone>, ZoneConfig>>;
