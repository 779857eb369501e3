// Schemas of areas and of each kind of zone, the same as the types in edge/model/site.ts.
import { type Static, Type } from "typebox";
import { type AreaConfig, areaKinds } from "../../edge/model/site.js";
import type { ZoneConfig } from "../../edge/model/zone.js";
import { type Assert, choice, closed, flag, id, line, ms, ratio, type Same, text, whole } from "./terms.js";

export const area = closed({
  id: id(),
  name: text,
  kind: Type.Enum([...areaKinds], { description: "Kind of place, by norm 001 clause 5." }),
  armedAtStart: flag("State before any operator has armed or disarmed it."),
});

const base = {
  id: id(),
  name: text,
  area: id("Area to which the zone belongs."),
  camera: Type.Optional(line("Id or position of a camera.", 64)),
};
const filterMs = (description: string, maximum: number) => ms(description, 0, maximum);
const ohms = (description: string) => whole(`${description} Ohms.`, 1, 10_000_000);

const doorContact = closed({
  ...base,
  kind: Type.Literal("door-contact"),
  point: id("Analog input that reads the loop."),
  loop: closed({
    pullUpOhms: ohms("Resistor to the supply."),
    endOhms: ohms("End-of-line resistor."),
    alarmOhms: ohms("Resistor that the open contact adds."),
    fullScale: whole("Raw value of the supply voltage.", 15, 65_535),
    tolerance: ratio("Accepted deviation of the loop's resistance, 0.2 = 20 %.", 0.01, 0.5),
  }),
  filterMs: filterMs("A change must last this long.", 400),
});

const beam = closed({
  ...base,
  kind: Type.Literal("infrared-beam"),
  point: id("Input that is true while the beam is blocked."),
  tamper: Type.Optional(id("Input that is true while the head is open.")),
  filterMs: filterMs("A blocking must last this long, 40 by GB 10408.4.", 400),
});

const fibre = closed({
  ...base,
  kind: Type.Literal("vibration-fibre"),
  level: id("Input with blocks of level samples."),
  broken: Type.Optional(id("Input that is true when the fibre is cut.")),
  settings: closed({
    baselineMs: ms("Time constant of the adaptive baseline.", 1000, 600_000),
    threshold: ratio("Event above this multiple of the baseline.", 1.1, 1000),
    levelFloor: ratio("Below this absolute level nothing counts; unit of the source.", 0, 1e12),
    eventCount: whole("Events needed within the window.", 1, 100),
    eventWindowMs: ms("Window in which events are counted.", 100, 300_000),
    maskMs: ms("Dead time after an event.", 0, 10_000),
    sustainedMs: ms("Activity of this length is one climb or cut.", 100, 60_000),
    windReject: ratio("How strongly a slow rise lifts the threshold, 0 = off.", 0, 10),
  }),
});

const panic = closed({
  ...base,
  kind: Type.Literal("panic-button"),
  point: id("Input that is true while pressed."),
  filterMs: filterMs("A press must last this long.", 400),
  audible: flag("False: no siren on site."),
});

const fire = closed({
  ...base,
  kind: Type.Literal("fire-input"),
  point: id("Input that is true while the fire panel signals."),
  filterMs: filterMs("The signal must last this long.", 2000),
  releaseWired: Type.Literal(true, { description: "The fire panel frees escape routes by its own wiring (rule 8)." }),
});

const rush = closed({
  ...base,
  kind: Type.Literal("vehicle-rush"),
  barrier: id("Barrier of the lane."),
  first: id("First loop in the direction of travel."),
  second: id("Second loop."),
  rushMs: ms("Both loops in order within this time.", 100, 10_000),
});

export const zone = choice(doorContact, beam, fibre, panic, fire, rush);
export type AreaMatches = Assert<Same<Static<typeof area>, AreaConfig>>;
export type ZoneMatches = Assert<Same<Static<typeof zone>, ZoneConfig>>;
