// Fibre processors and beam heads: what each tells the broker in the box, and when. Between the plant and MQTT.
import type { Credentials } from "./credentials.js";
import { connectField, type FieldConnection } from "./field-connection.js";
import { beamReport } from "./plant/beam.js";
import { type Sampler, takeLevel } from "./plant/fibre.js";
import type { Plant } from "./plant/plant.js";
import { type BeamSettings, type FibreSettings, periodUsOf } from "./settings.js";
import type { World } from "./world.js";

const aliveMs = 2_000;
/** A beam head repeats its state, so that a reader that comes late knows it. */
const repeatMs = 5_000;
/** A processor that was held up for longer starts afresh instead of sending old samples. */
const backlogMsMax = 2_000;
const seed = 7;

/** What field devices need: where the broker is, who they are there, the plant, and where trouble is written. */
export interface FieldContext {
  readonly world: World;
  readonly broker: { readonly host: string; readonly port: number };
  readonly credentials: Credentials;
  readonly log: (text: string) => void;
}

export interface FieldDevice {
  close(): void;
}

interface Speaker {
  readonly device: string;
  readonly aliveTopic: string;
  /** True while the device has hung. */
  readonly isSilent: () => boolean;
  /** Said once after each login. */
  readonly introduce: (connection: FieldConnection) => void;
}

/** A connection that speaks only while the device has not hung, with its sign of life. */
function speak({ device, aliveTopic, isSilent, introduce }: Speaker, context: FieldContext): FieldConnection {
  const publish: FieldConnection["publish"] = (topic, payload, qos) => {
    if (!isSilent()) connection.publish(topic, payload, qos);
  };
  const alive = () => publish(aliveTopic, "online", 0);
  const connection = connectField(
    { broker: context.broker, credentials: context.credentials, device, aliveTopic },
    {
      up: () => {
        context.world.note(device, "connected", true);
        alive();
        introduce(speaking);
      },
      down: () => context.world.note(device, "connected", false),
      trouble: context.log,
    },
  );
  const timer = setInterval(alive, aliveMs);
  const speaking: FieldConnection = {
    publish,
    close: () => {
      clearInterval(timer);
      connection.close();
    },
  };
  return speaking;
}

function stamp(world: World): string {
  return new Date(world.wallAt(world.plant().now)).toISOString();
}

/** Level blocks in QoS 0, and a status whenever the fibre breaks or is mended. A broken fibre has no level. */
export function startFibreProcessor(settings: FibreSettings, context: FieldContext): FieldDevice {
  const { world } = context;
  const { device } = settings;
  const fibre = () => world.plant().fibres[device];
  const tellStatus = (connection: FieldConnection) => {
    const status = { fibre: fibre()?.broken === true ? "broken" : "intact", at: stamp(world) };
    connection.publish(settings.status, JSON.stringify(status), 1);
  };
  const connection = speak(
    { device, aliveTopic: settings.alive, isSilent: () => fibre()?.silent === true, introduce: tellStatus },
    context,
  );
  world.watch((after: Plant, before: Plant) => {
    if (after.fibres[device]?.broken !== before.fibres[device]?.broken) tellStatus(connection);
  });

  let sampler: Sampler = { nextAt: world.now(), seed };
  const takeBlock = () => {
    const present = fibre();
    const until = world.now();
    if (present === undefined) return;
    if (until - sampler.nextAt > backlogMsMax) sampler = { ...sampler, nextAt: until - settings.blockMs };
    const taken = takeLevel(present, sampler, periodUsOf(settings), until);
    sampler = taken.sampler;
    if (present.broken || taken.block.values.length === 0) return;
    const block = { ...taken.block, t0: world.wallAt(taken.block.t0) };
    connection.publish(settings.level, JSON.stringify(block), 0);
  };
  const timer = setInterval(takeBlock, settings.blockMs);
  return {
    close: () => {
      clearInterval(timer);
      connection.close();
    },
  };
}

/** The state of beam and cover on each change and every 5 s. */
export function startBeamHead(settings: BeamSettings, context: FieldContext): FieldDevice {
  const { world } = context;
  const { device } = settings;
  const beam = () => world.plant().beams[device];
  const tell = (connection: FieldConnection) => {
    const present = beam();
    if (present === undefined) return;
    connection.publish(settings.state, JSON.stringify({ ...beamReport(present), at: stamp(world) }), 1);
  };
  const connection = speak(
    { device, aliveTopic: settings.alive, isSilent: () => beam()?.silent === true, introduce: tell },
    context,
  );
  world.watch((after, before) => {
    if (after.beams[device] !== before.beams[device]) tell(connection);
  });
  const timer = setInterval(() => tell(connection), repeatMs);
  return {
    close: () => {
      clearInterval(timer);
      connection.close();
    },
  };
}
