// A Firmata board on TCP: one host at a time, relays and inputs of the plant on its pins.
import { createServer, type Socket } from "node:net";
import { type BoardPins, boardModels, createBoardPins } from "./board-pins.js";
import { createRequestReader } from "./firmata.js";
import { lineLevel, restingLine } from "./plant/line.js";
import type { Plant } from "./plant/plant.js";
import { randomStream } from "./plant/random.js";
import { listen, type Program } from "./program.js";
import type { BoardSettings } from "./settings.js";
import type { World } from "./world.js";

const fullScale = 1023;
const noiseCounts = 0.6;
const seed = 20;
/** A disturbed line gives this many random bytes. */
const noiseBytes = 64;
/** A host that does not read is dropped when this much waits for it. */
const backlogBytesMax = 256 * 1024;

function wirePins(settings: BoardSettings, world: World, send: (bytes: Buffer) => void): BoardPins {
  const random = randomStream(seed);
  const button = (pin: number) => settings.buttons.find((each) => each.pin === pin)?.id ?? "";
  const bolts = settings.bolts ?? [];
  const isBolted = (pin: number) => bolts.some((bolt) => bolt.pin === pin && world.plant().relays[bolt.relay] === true);
  const relay = new Map(settings.relays.map(({ id, pin }) => [pin, id]));
  return createBoardPins(
    boardModels[settings.model ?? "uno"],
    {
      grounded: (pin) => world.plant().buttons[button(pin)] === true || isBolted(pin),
      analog: (channel) => {
        const loop = settings.loops.find(({ pin }) => pin === channel);
        if (loop === undefined) return 0;
        const level = lineLevel(world.plant().lines[loop.id] ?? restingLine, loop, fullScale);
        return Math.min(fullScale, Math.max(0, Math.round(level + noiseCounts * random.gauss())));
      },
      driven: (pin, on) => {
        const id = relay.get(pin);
        if (id !== undefined && world.plant().relays[id] !== on) world.apply({ kind: "relay", id, on });
      },
    },
    send,
  );
}

/** Answers troubles of the plant: a disturbed line sends rubbish, a hung board stands still until its reset. */
function followTroubles(id: string, pins: BoardPins, line: { hung: boolean; send: (bytes: Buffer) => void }) {
  const random = randomStream(seed);
  return (after: Plant, before: Plant) => {
    if (after.boards[id]?.noises !== before.boards[id]?.noises) {
      line.send(Buffer.from(Array.from({ length: noiseBytes }, () => Math.floor(random.next() * 256))));
    }
    if (after.boards[id]?.hangs !== before.boards[id]?.hangs) line.hung = true;
    if (after.boards[id]?.resets !== before.boards[id]?.resets) {
      line.hung = false;
      pins.reset();
    }
    if (!line.hung) pins.reportPorts();
  };
}

/** Starts the board; a new connection replaces the old one. Relays keep their state while no host is there. */
export async function startBoard(settings: BoardSettings, world: World): Promise<Program> {
  let host: Socket | null = null;
  const send = (bytes: Buffer) => {
    if (host === null) return;
    if (host.writableLength > backlogBytesMax) host.destroy();
    else host.write(bytes);
  };
  const pins = wirePins(settings, world, send);
  const line = { hung: false, send };
  world.watch(followTroubles(settings.id, pins, line));

  const server = createServer({ noDelay: true }, (socket) => {
    host?.destroy();
    host = socket;
    world.note(settings.id, "connected", true);
    const read = createRequestReader();
    socket.on("data", (chunk) => {
      if (!line.hung) for (const request of read(chunk)) pins.handle(request);
    });
    // A reset by the peer is as good as an end; "close" follows.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (host !== socket) return;
      host = null;
      world.note(settings.id, "connected", false);
    });
  });
  const port = await listen(server, settings.endpoint);

  let timer: NodeJS.Timeout;
  const sample = () => {
    if (host !== null && !line.hung) pins.sampleAnalogs();
    timer = setTimeout(sample, pins.samplingMs());
  };
  timer = setTimeout(sample, pins.samplingMs());
  return {
    port,
    close: () => {
      clearTimeout(timer);
      host?.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
