// The `simulation` section of a site's file: its shape, its check, and the plant that it describes.
import { type Static, Type } from "typebox";
import { Errors } from "typebox/value";
import { bollardLoop, type PlantSettings } from "./plant/plant.js";
import { SimulationError } from "./trouble.js";

const strict = { additionalProperties: false };
const Id = Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$" });
const Topic = Type.String({ minLength: 1, maxLength: 200, pattern: "^[^#+\\u0000]+$" });
const Endpoint = Type.Object(
  { host: Type.String({ minLength: 1 }), port: Type.Integer({ minimum: 0, maximum: 65535 }) },
  strict,
);
const Milliseconds = Type.Integer({ minimum: 10, maximum: 600_000 });
const Ohms = Type.Number({ exclusiveMinimum: 0 });
const Pin = Type.Integer({ minimum: 0, maximum: 69 });

const Bollard = Type.Object(
  {
    id: Id,
    travelMs: Milliseconds,
    emergencyTravelMs: Milliseconds,
    starts: Type.Union([Type.Literal("open"), Type.Literal("closed")]),
  },
  strict,
);

const ControllerSecurity = Type.Object(
  {
    /** Keys, trust list and `password-NAME` of each user, made at first start. */
    folder: Type.String({ minLength: 1 }),
    /** Offers sessions without security as well. */
    none: Type.Optional(Type.Boolean()),
    /** Who may log in by name, or by a certificate in `folder/users/trusted/certs`; without users anybody may. */
    users: Type.Optional(Type.Array(Id)),
    /** Trusts every certificate, like a controller that was never set up. */
    trustsAll: Type.Optional(Type.Boolean()),
  },
  strict,
);

/** A controller serves its bollards and the approach loops of its lanes over OPC UA. */
const BollardController = Type.Object(
  {
    endpoint: Endpoint,
    heartbeatMs: Milliseconds,
    bollards: Type.Array(Bollard),
    loops: Type.Array(Id),
    /** Absent: no security, for loopback. */
    security: Type.Optional(ControllerSecurity),
  },
  strict,
);

/** A Firmata board. `loops` stand on analog channels, `buttons` and `relays` on digital pins. */
const Board = Type.Object(
  {
    id: Id,
    /** uno: digital 2..13, analog 0..5. mega: digital 2..53, analog 0..15. */
    model: Type.Optional(Type.Union([Type.Literal("uno"), Type.Literal("mega")])),
    endpoint: Endpoint,
    loops: Type.Array(Type.Object({ id: Id, pin: Pin, pullUpOhms: Ohms, endOhms: Ohms, alarmOhms: Ohms }, strict)),
    buttons: Type.Array(
      Type.Object(
        {
          id: Id,
          pin: Pin,
          kind: Type.Union([
            Type.Literal("panic"),
            Type.Literal("fire"),
            Type.Literal("lock-out"),
            Type.Literal("contact"),
          ]),
        },
        strict,
      ),
    ),
    relays: Type.Array(Type.Object({ id: Id, pin: Pin }, strict)),
    /** Contact of a bolt that a relay throws; the door stands shut. */
    bolts: Type.Optional(Type.Array(Type.Object({ pin: Pin, relay: Id }, strict))),
  },
  strict,
);

const FibreProcessor = Type.Object(
  {
    device: Id,
    level: Topic,
    status: Topic,
    alive: Topic,
    rateHz: Type.Number({ minimum: 10, maximum: 1_000 }),
    blockMs: Type.Integer({ minimum: 20, maximum: 5_000 }),
  },
  strict,
);

const BeamHead = Type.Object({ device: Id, state: Topic, alive: Topic }, strict);

/** Devices on the broker in the box. */
const Field = Type.Object(
  { broker: Endpoint, fibres: Type.Array(FibreProcessor), beams: Type.Array(BeamHead) },
  strict,
);

export const SimulationSchema = Type.Object(
  {
    control: Endpoint,
    bollardControllers: Type.Array(BollardController),
    boards: Type.Array(Board),
    field: Type.Optional(Field),
    /** The loops that a vehicle rush drives over. */
    rush: Type.Optional(Type.Object({ first: Id, second: Id }, strict)),
  },
  strict,
);

export type Simulation = Static<typeof SimulationSchema>;
export type BollardControllerSettings = Static<typeof BollardController>;
export type BoardSettings = Static<typeof Board>;
export type FibreSettings = Static<typeof FibreProcessor>;
export type BeamSettings = Static<typeof BeamHead>;

function idsOf(simulation: Simulation): string[] {
  const bollards = simulation.bollardControllers.flatMap((controller) => controller.bollards.map(({ id }) => id));
  return [
    ...bollards,
    ...bollards.map(bollardLoop),
    ...simulation.bollardControllers.flatMap(({ loops }) => loops),
    ...simulation.boards.flatMap(({ id, loops, buttons, relays }) => [
      id,
      ...[...loops, ...buttons, ...relays].map((each) => each.id),
    ]),
    ...(simulation.field?.fibres ?? []).map(({ device }) => device),
    ...(simulation.field?.beams ?? []).map(({ device }) => device),
  ];
}

function refuse(place: string, detail: string): never {
  throw new SimulationError("simulation.invalid", `${place}: ${detail}`);
}

/**
 * The checked section.
 * @throws SimulationError `simulation.invalid` with the place: shape, an id used twice, an unknown loop of a rush or relay of a bolt.
 */
export function checkSimulation(section: unknown): Simulation {
  const [error] = Errors(SimulationSchema, section);
  if (error !== undefined) refuse(`simulation${error.instancePath}`, error.message);
  const simulation = section as Simulation;
  const ids = idsOf(simulation);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) refuse("simulation", `id "${twice}" is used twice`);
  for (const { id, relays, bolts = [] } of simulation.boards) {
    const loose = bolts.find(({ relay }) => !relays.some((each) => each.id === relay));
    if (loose !== undefined) refuse("simulation/boards", `${id} has no relay "${loose.relay}" for a bolt`);
  }
  const loops = simulation.bollardControllers.flatMap((controller) => controller.loops);
  const lost = Object.values(simulation.rush ?? {}).find((loop) => !loops.includes(loop));
  if (lost !== undefined) refuse("simulation/rush", `no controller has the loop "${lost}"`);
  return simulation;
}

/** Sampling period of a fibre in whole microseconds, as processors state it. */
export function periodUsOf(fibre: FibreSettings): number {
  return Math.round(1e6 / fibre.rateHz);
}

/** The plant behind the programs. */
export function plantSettingsOf(simulation: Simulation): PlantSettings {
  const { bollardControllers, boards, field, rush } = simulation;
  const byId = <T extends { readonly id: string }>(items: readonly T[]) =>
    items.map((item) => [item.id, item] as const);
  return {
    bollards: Object.fromEntries(byId(bollardControllers.flatMap(({ bollards }) => bollards))),
    approachLoops: bollardControllers.flatMap(({ loops }) => loops),
    lines: Object.fromEntries(byId(boards.flatMap(({ loops }) => loops))),
    buttons: Object.fromEntries(boards.flatMap(({ buttons }) => buttons.map(({ id, kind }) => [id, kind]))),
    relays: boards.flatMap(({ relays }) => relays.map(({ id }) => id)),
    boards: boards.map(({ id }) => id),
    fibres: Object.fromEntries((field?.fibres ?? []).map((fibre) => [fibre.device, { periodUs: periodUsOf(fibre) }])),
    beams: (field?.beams ?? []).map(({ device }) => device),
    rush: rush ?? null,
  };
}
