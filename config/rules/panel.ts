// A wired panel: its keys and buttons are nothing else, and a key disarms no area whose grade asks for more than a bare cable.
import { rulesOf } from "../../edge/model/grade.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import { type Finding, unsafe, unwise } from "../trouble.js";
import { type PointUse, pointUses } from "../uses.js";
import { bareInputs } from "./arming.js";

const isOfPanel = ({ path, direction }: PointUse) => path[0] === "panel" && direction === "in";

/** A key that were a detector or a contact, too, would raise an alarm by being turned, or be turned by one. */
export function panelInputFindings(edge: EdgeConfig): Finding[] {
  const uses = pointUses(edge).filter(({ direction }) => direction === "in");
  return uses.filter(isOfPanel).flatMap((use) => {
    const other = uses.find((each) => each.id === use.id && each.path.join() !== use.path.join());
    if (other === undefined) return [];
    const place = other.path.join(".");
    return [
      unsafe(
        use.path,
        { zh: `${use.id} 同时用于 ${place}。`, en: `${use.id} also serves ${place}.` },
        {
          zh: "值班盘的钥匙开关和按钮必须各有自己的输入点位。",
          en: "Give each key and button of the panel an input of its own.",
        },
      ),
    ];
  });
}

/** Whoever reaches the cable of a bare key can bridge it: a warning, from grade 3 a refusal. */
export function panelKeyFindings(edge: EdgeConfig): Finding[] {
  const bare = new Set(edge.drivers.flatMap(bareInputs));
  return (edge.panel?.keys ?? []).flatMap(({ point, areas }, index) => {
    if (!bare.has(point)) return [];
    const strict = edge.areas.filter((area) => areas.includes(area.id) && !rulesOf(area).allowsBareContacts);
    const names = strict.map(({ id }) => id).join(", ");
    const say = strict.length === 0 ? unwise : unsafe;
    return [
      say(
        ["panel", "keys", index, "point"],
        {
          zh: `${point} 是无监视触点，短接其线缆即可布防或撤防${names === "" ? "" : `；${names} 的安全等级不允许`}。`,
          en: `${point} is a bare contact: whoever bridges its cable arms or disarms${names === "" ? "" : `; the grade of ${names} forbids it`}.`,
        },
        {
          zh: "把钥匙开关和线缆装在受保护的盘内，或改在页面上用口令布撤防（grade 3 及以上只能如此）。",
          en: "Keep key and cable inside a guarded panel, or arm with a PIN at the page; from grade 3 only that.",
        },
      ),
    ];
  });
}
