// The level signals of a site's fibres, taken in blocks while something is to be heard.
import { takeLevel } from "../../simulators/plant/fibre.js";
import type { Plant } from "../../simulators/plant/plant.js";
import { periodUsOf, type Simulation } from "../../simulators/settings.js";

/** The fibres' samplers. Between two stretches the noise goes on where it stopped. */
export function createLevels(simulation: Simulation) {
  const fibres = new Map((simulation.field?.fibres ?? []).map((fibre) => [fibre.device, fibre]));
  const samplers = new Map([...fibres.keys()].map((id) => [id, { nextAt: 0, seed: 7 }]));
  return {
    restart(at: number): void {
      for (const [id, sampler] of samplers) samplers.set(id, { ...sampler, nextAt: at });
    },
    take(plant: Plant, id: string, until: number) {
      const [fibre, model, sampler] = [fibres.get(id), plant.fibres[id], samplers.get(id)];
      if (fibre === undefined || model === undefined || sampler === undefined) return null;
      const taken = takeLevel(model, sampler, periodUsOf(fibre), until);
      samplers.set(id, taken.sampler);
      return model.broken || model.silent ? null : taken.block;
    },
  };
}
