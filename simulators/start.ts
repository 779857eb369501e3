// Starts all simulators of a site: the plant, the programs that show it over its protocols, and the control interface.
import { startBoard } from "./board.js";
import { play } from "./commands.js";
import { startControl } from "./control.js";
import type { Credentials } from "./credentials.js";
import { startBeamHead, startFibreProcessor } from "./field-device.js";
import type { Program } from "./program.js";
import { checkSimulation, plantSettingsOf, type Simulation } from "./settings.js";
import { createWorld, type World } from "./world.js";

export interface SimulatorsOptions {
  /** The `simulation` section of the site's file, not yet checked. */
  readonly simulation: unknown;
  /** What the field devices log in with, or where to find it (`credentialsFile`, `certificatesIn`). */
  readonly credentials: Credentials;
  /** Words for the log, never a secret. */
  readonly log: (text: string) => void;
}

export interface Simulators {
  /** Of the control interface, for example `http://127.0.0.1:8090`. */
  readonly url: string;
  /** TCP ports in the order of the section: `bollardControllers`, then `boards`. */
  readonly ports: readonly number[];
  /** Starts a scenario (YAML text). Throws SimulationError when it is not understood or does not fit the site. */
  play(scenario: string): { readonly name: string; readonly lastsMs: number };
  close(): Promise<void>;
}

async function startControllers(simulation: Simulation, world: World): Promise<Program[]> {
  if (simulation.bollardControllers.length === 0) return [];
  // node-opcua costs half a second and 60 MB: only sites with a controller pay.
  const { startBollardController } = await import("./bollard-controller.js");
  return Promise.all(simulation.bollardControllers.map((settings) => startBollardController(settings, world)));
}

function startField(simulation: Simulation, world: World, { credentials, log }: SimulatorsOptions) {
  const { field } = simulation;
  if (field === undefined) return [];
  const context = { world, broker: field.broker, credentials, log };
  return [
    ...field.fibres.map((fibre) => startFibreProcessor(fibre, context)),
    ...field.beams.map((beam) => startBeamHead(beam, context)),
  ];
}

/**
 * Resolves when every endpoint of its own listens; the box need not be up: field devices try to log in until it is.
 * @throws SimulationError `simulation.invalid`; rejects with the system's error when a port is taken.
 */
export async function startSimulators(options: SimulatorsOptions): Promise<Simulators> {
  const simulation = checkSimulation(options.simulation);
  const world = createWorld(plantSettingsOf(simulation));
  const programs: Program[] = [];
  const close = async () => {
    world.close();
    await Promise.all(programs.map((program) => program.close()));
  };
  try {
    // Boards are there at once, controllers take seconds to load: what is quick must not wait.
    const boards = await Promise.all(simulation.boards.map((board) => startBoard(board, world)));
    programs.push(...boards);
    const controllers = await startControllers(simulation, world);
    programs.push(...controllers);
    const ports = [...controllers, ...boards].map(({ port }) => port);
    const control = await startControl(simulation.control, world);
    programs.push(control);
    const field = startField(simulation, world, options);
    return {
      url: `http://${simulation.control.host}:${control.port}`,
      ports,
      play: (scenario) => play(scenario, world),
      close: async () => {
        for (const device of field) device.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}
