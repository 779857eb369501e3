// Extinguishing gas is never an output: it kills whoever is in the room. Such a configuration is refused, and alarm and lock are offered.
import type { EdgeConfig } from "../../edge/model/site.js";
import type { DriverConfig } from "../../edge/model/wiring.js";
import { type Finding, type Path, unsafe } from "../trouble.js";

const gasWords =
  /(^|[^a-z])(gas|co2|fm-?200|ig-?(01|55|100|541))([^a-z]|$)|inert|extinguish|suppressi|novec|halon|argonite|hfc-?227|heptafluoropropane|灭火|滅火|气体|氣體|七氟丙烷|惰性/i;

const speaksOfGas = (words: string): boolean => gasWords.test(words.replace(/([a-z0-9])([A-Z])/g, "$1 $2"));

/** Every output, annunciator, channel or held step that by its name or address releases gas. */
export function gasFindings(edge: EdgeConfig): Finding[] {
  return acting(edge)
    .filter(({ words }) => words.some(speaksOfGas))
    .map(({ path, words: [id] }) =>
      unsafe(
        path,
        {
          zh: `${id} 像是气体灭火的输出；本系统拒绝启动气体灭火。`,
          en: `${id} looks like an output that releases extinguishing gas; this is refused on purpose.`,
        },
        {
          zh: "惰性气体等会使室内人员窒息，只能由独立的消防系统在确认无人后释放。入侵时请改用声光报警和锁闭通道；若与气体灭火无关，请改名。",
          en: "The gas kills whoever is in the room; only a fire system of its own may release it, after people are out. Alarm and lock the passage instead; if it has nothing to do with gas, name it otherwise.",
        },
      ),
    );
}

interface Acting {
  readonly path: Path;
  /** The id first. */
  readonly words: readonly string[];
}

function acting(edge: EdgeConfig): Acting[] {
  const named = (key: "annunciators" | "channels"): Acting[] =>
    (edge[key] ?? []).map(({ id, name }, index) => ({ path: [key, index, "id"], words: [id, name.zh, name.en] }));
  return [
    ...edge.drivers.flatMap((driver, d) => outputsOf(driver, ["drivers", d, "points"])),
    ...named("annunciators"),
    ...named("channels"),
    ...edge.responses.flatMap(({ steps }, r) =>
      steps.flatMap(({ kind, id }, s) =>
        kind === "switch" ? [{ path: ["responses", r, "steps", s, "id"], words: [id] }] : [],
      ),
    ),
  ];
}

function outputsOf(driver: DriverConfig, path: Path): Acting[] {
  return driver.points.flatMap((point, index) =>
    point.direction === "out" ? [{ path: [...path, index, "id"], words: [point.id, addressOf(point)] }] : [],
  );
}

function addressOf(point: DriverConfig["points"][number]): string {
  if ("topic" in point) return point.topic;
  if ("node" in point) return point.node;
  return "line" in point ? String(point.line) : "";
}
