// What the box guards, by name.
import type { QuestionOf, Reply } from "../../commissioning/questions.js";
import { pointsOfZone } from "../../model/zone.js";
import type { AnswerParts } from "./parts.js";

export function site(_question: QuestionOf<"site">, { state: { config }, site: id }: AnswerParts): Reply<"site"> {
  const { areas, zones, barriers, groups, annunciators, drivers, channels = [] } = config;
  return {
    ok: true,
    body: {
      site: id,
      edge: config.id,
      name: config.name,
      hasHub: config.uplink !== undefined,
      areas: areas.map((area) => ({ id: area.id, name: area.name, kind: area.kind })),
      zones: zones.map((zone) => ({
        id: zone.id,
        name: zone.name,
        area: zone.area,
        kind: zone.kind,
        points: pointsOfZone(zone),
      })),
      barriers: barriers.map(({ id: barrier, name, area, kind, travelMs, dualOpen = false }) => {
        return { id: barrier, name, area, kind, travelMs, dualOpen };
      }),
      groups: groups.map((group) => ({ id: group.id, name: group.name, barriers: group.barriers })),
      channels: channels.map((channel) => ({ id: channel.id, name: channel.name })),
      annunciators: annunciators.map((each) => ({ id: each.id, name: each.name })),
      drivers: drivers.map((driver) => ({ id: driver.id, kind: driver.kind })),
    },
  };
}
