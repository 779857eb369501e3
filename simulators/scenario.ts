// A scenario file: what happens when. Leads from YAML to steps that the plant plays in real or in virtual time.
import { type Static, Type } from "typebox";
import { Errors } from "typebox/value";
import { parse } from "yaml";
import { isTriggerName, type ScenarioStep, type Trigger } from "./plant/trigger.js";
import { SimulationError } from "./trouble.js";

const strict = { additionalProperties: false };
const durationMsMax = 24 * 3_600_000;
const stepsMax = 1_000;
const ForMs = Type.Optional(Type.Integer({ minimum: 1, maximum: durationMsMax }));

const TriggerShape = Type.Object({ name: Type.String(), target: Type.Optional(Type.String()), forMs: ForMs }, strict);
const ScenarioShape = Type.Object(
  {
    name: Type.String({ minLength: 1 }),
    /** `at` counts in ms from the scenario's start; `do` is a trigger's name. */
    steps: Type.Array(
      Type.Object(
        {
          at: Type.Integer({ minimum: 0, maximum: durationMsMax }),
          do: Type.String(),
          target: Type.Optional(Type.String()),
          forMs: ForMs,
        },
        strict,
      ),
      { minItems: 1, maxItems: stepsMax },
    ),
  },
  strict,
);

export interface Scenario {
  readonly name: string;
  readonly steps: readonly ScenarioStep[];
}

/**
 * A trigger as it comes in from outside.
 * @throws SimulationError `simulation.invalid-body` or `simulation.unknown-trigger`
 */
export function checkTrigger(value: unknown): Trigger {
  const [error] = Errors(TriggerShape, value);
  if (error !== undefined) {
    throw new SimulationError("simulation.invalid-body", `trigger${error.instancePath}: ${error.message}`);
  }
  const { name, target, forMs } = value as Static<typeof TriggerShape>;
  if (!isTriggerName(name)) throw new SimulationError("simulation.unknown-trigger", `no trigger is called "${name}"`);
  return { name, target, forMs };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (cause) {
    throw new SimulationError("simulation.invalid-scenario", `no YAML: ${String(cause)}`, { cause });
  }
}

/** @throws SimulationError `simulation.invalid-scenario` with the place, or `simulation.unknown-trigger` */
export function parseScenario(text: string): Scenario {
  const value = parsed(text);
  const [error] = Errors(ScenarioShape, value);
  if (error !== undefined) {
    throw new SimulationError("simulation.invalid-scenario", `scenario${error.instancePath}: ${error.message}`);
  }
  const { name, steps } = value as Static<typeof ScenarioShape>;
  return {
    name,
    steps: steps.map(({ at, do: trigger, target, forMs }) => ({
      at,
      trigger: checkTrigger({ name: trigger, ...(target && { target }), ...(forMs && { forMs }) }),
    })),
  };
}
