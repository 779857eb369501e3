// Gatehouse 门卫: what is wrong, what is late, what is not closed, and all that a guard may do about it with the hub gone.
import type { Context } from "../context.js";
import type { Section } from "../sections.js";
import { areasCard } from "./gatehouse/areas.js";
import { hubCard } from "./gatehouse/hub.js";
import { incidentsCard } from "./gatehouse/incidents.js";
import { lanesCard, lockDownCard } from "./gatehouse/lanes.js";
import { postureCard } from "./gatehouse/posture.js";
import { reviewsCard } from "./gatehouse/reviews.js";
import { zonesCard } from "./gatehouse/zones.js";

const cards: readonly ((context: Context) => HTMLElement | null)[] = [
  lockDownCard,
  incidentsCard,
  lanesCard,
  zonesCard,
  areasCard,
  reviewsCard,
  postureCard,
  hubCard,
];

function view(context: Context): readonly HTMLElement[] {
  return cards.flatMap((card) => card(context) ?? []);
}

export const gatehouse: Section = {
  id: "gatehouse",
  part: "gatehouse",
  title: { zh: "门卫", en: "Gatehouse" },
  view,
};
