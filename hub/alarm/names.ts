// Names for people of what a box speaks of by id, from the inventory that it last sent.
import type { Inventory } from "../../edge/model/inventory.js";
import type { Text } from "../../edge/model/text.js";

/** What a box last said of itself; undefined when it has said nothing yet. */
export type InventoryOf = (site: string, edge: string) => Inventory | undefined;

/** The task that a person's step asks for; undefined for every other step. */
export type TaskOf = (place: StepPlace) => Text | undefined;

export interface StepPlace {
  readonly site: string;
  readonly edge: string;
  readonly incident: string;
  readonly step: string;
}

interface Named {
  readonly id: string;
  readonly name: Text;
}

/** The name of anything in the inventory; its id where it has no name (a point, a driver). */
export function nameOf(inventory: Inventory | undefined, id: string): Text {
  const things: readonly Named[] =
    inventory === undefined
      ? []
      : [
          ...inventory.zones,
          ...inventory.barriers,
          ...inventory.annunciators,
          ...inventory.channels,
          ...inventory.areas,
          ...inventory.groups,
          ...inventory.duties,
          ...inventory.fixtures,
        ];
  return things.find((thing) => thing.id === id)?.name ?? untranslated(id);
}

/** The same for a device as work orders name it: `zone:north`, `barrier:b1`, `driver:board`. */
export function deviceName(inventory: Inventory | undefined, device: string): Text {
  return nameOf(inventory, device.slice(device.indexOf(":") + 1));
}

export function untranslated(text: string): Text {
  return { zh: text, en: text };
}

/** Lists that an older box does not know are empty; what it sends in another form is refused. */
export function completed(inventory: Inventory): Inventory {
  const { channels = [], duties = [], deviations = [], fixtures = [] } = inventory;
  const whole = { ...inventory, channels, duties, deviations, fixtures };
  const { areas, zones, barriers, groups, annunciators } = inventory;
  const lists = [areas, zones, barriers, groups, annunciators, channels, duties, deviations, fixtures];
  if (!lists.every(Array.isArray)) throw new TypeError("no inventory");
  return whole;
}
