// The order of test files: what takes longest begins first, so that no worker is left alone with it at the end. By itself vitest
// knows no durations in a fresh checkout, and goes by the size of files.
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Within their project. Of the system's, no two that start several sites at once are neighbours. */
const long = [
  "contract/opcua",
  "contract/opcua-strict",
  "contract/box-tuning",
  "contract/box-walk",
  "browser/gatehouse",
  "contract/opcua-keys",
  "contract/mqtt-reconnects",
  "contract/mqtt",
  "simulation/whole-site",
  "simulation/chatter-day",
  "hub/people",
  "system/trouble",
  "system/upgrade",
  "system/plugs",
  "system/first-hour",
  "system/kill-loop",
  "system/settings-kill",
  "system/fence-to-control-room",
];

const rank = ({ moduleId }: TestSpecification): number => {
  const found = long.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return found < 0 ? long.length : found;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = ({ project }: TestSpecification) => project.config.sequence.groupOrder ?? 0;
    const sorted = await super.sort(files);
    return sorted.sort(
      (one, other) =>
        order(one) - order(other) || one.project.name.localeCompare(other.project.name) || rank(one) - rank(other),
    );
  }
}
