// The rules of our own broker as an ACL file for Mosquitto, for hubs that meet their boxes at an existing one.
import { intakeName } from "../../config/certificate-names.js";
import { boxRoot, downward, root, upward } from "./topics.js";

/** `boxes`: `{site}.{edge}`. `hub`: name of the hub's own login there. */
export function mosquittoAcl(boxes: readonly string[], hub = intakeName): string {
  const own = boxes.flatMap((name) => {
    const at = boxRoot(name);
    if (at === null) return [];
    const lines = (right: string, kinds: readonly string[]) => kinds.map((kind) => `topic ${right} ${at}/${kind}`);
    return ["", `user ${name}`, ...lines("write", upward), ...lines("read", downward)];
  });
  const hears = upward.map((kind) => `topic read ${root}/+/+/${kind}`);
  const says = downward.map((kind) => `topic write ${root}/+/+/${kind}`);
  return `${[`user ${hub}`, ...hears, ...says, ...own].join("\n")}\n`;
}
