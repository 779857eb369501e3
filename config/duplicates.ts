// Finds ids, physical addresses and listening ports that are used twice.
import type { EdgeConfig, Site } from "../edge/model/site.js";
import type { Text } from "../edge/model/text.js";
import type { DriverConfig } from "../edge/model/wiring.js";
import type { Finding, Path } from "./trouble.js";

interface Entry {
  readonly key: string;
  readonly path: Path;
}

const idText = { zh: "标识", en: "id" };
const addressText = { zh: "物理地址", en: "physical address" };
const portText = { zh: "监听地址", en: "listening address" };

/** Findings of code `config.duplicate` over the whole site. */
export function duplicateFindings(site: Site): Finding[] {
  return [
    ...twice(idText, named(site.edges, ["edges"])),
    ...site.edges.flatMap((edge, index) => edgeDuplicates(edge, ["edges", index])),
  ];
}

type ListKey =
  | "areas"
  | "zones"
  | "barriers"
  | "groups"
  | "annunciators"
  | "fixtures"
  | "channels"
  | "duties"
  | "drivers"
  | "responses"
  | "confirmations";

function edgeDuplicates(edge: EdgeConfig, base: Path): Finding[] {
  const list = (key: ListKey) => named(edge[key] ?? [], [...base, key]);
  const points = edge.drivers.flatMap((driver, d) => named(driver.points, [...base, "drivers", d, "points"]));
  const addresses = edge.drivers.flatMap((driver, d) => addressesOf(driver, [...base, "drivers", d]));
  // Areas, zones and what acts share one name space, because records name any of them as their subject.
  const subjects = [
    ...list("areas"),
    ...list("zones"),
    ...list("barriers"),
    ...list("groups"),
    ...list("annunciators"),
    ...list("fixtures"),
    ...list("channels"),
    ...list("duties"),
  ];
  return [
    ...twice(idText, subjects),
    ...twice(idText, list("drivers")),
    ...twice(idText, points),
    ...edge.drivers.flatMap((driver, d) =>
      driver.kind === "mqtt" ? twice(idText, named(driver.devices, [...base, "drivers", d, "devices"])) : [],
    ),
    ...twice(idText, list("responses")),
    ...twice(idText, list("confirmations")),
    ...edge.responses.flatMap((response, r) =>
      twice(idText, named(response.steps, [...base, "responses", r, "steps"])),
    ),
    ...twice(addressText, addresses),
    ...twice(portText, listeners(edge, base)),
  ];
}

const named = (things: readonly { readonly id: string }[], base: Path): Entry[] =>
  things.map((thing, index) => ({ key: thing.id, path: [...base, index, "id"] }));

function listeners(edge: EdgeConfig, base: Path): Entry[] {
  const brokers = edge.drivers.flatMap((driver, d): Entry[] =>
    driver.kind === "mqtt" && driver.broker !== undefined
      ? [{ key: `${driver.broker.host}:${driver.broker.port}`, path: [...base, "drivers", d, "broker", "port"] }]
      : [],
  );
  return [{ key: `${edge.http.host}:${edge.http.port}`, path: [...base, "http", "port"] }, ...brokers];
}

/** Where each point of a driver is wired. Digital pins are shared by inputs and relays; analog channels count apart. */
function addressesOf(driver: DriverConfig, base: Path): Entry[] {
  const entry = (key: string, index: number, field: string): Entry => ({
    key,
    path: [...base, "points", index, field],
  });
  switch (driver.kind) {
    case "mqtt":
      return driver.points.map((point, index) =>
        entry([driver.id, point.direction, point.topic, point.path, point.on].join(" "), index, "topic"),
      );
    case "firmata":
      return driver.points.map((point, index) =>
        entry(`${driver.id} ${point.signal === "analog" ? "A" : "D"}${point.pin}`, index, "pin"),
      );
    case "opcua":
      // A node that only confirms calls may be an input too.
      return driver.points.flatMap((point, index) =>
        (point.method ?? point.methods) ? [] : [entry(`${driver.endpoint} ${point.node}`, index, "node")],
      );
    case "gpio":
      return driver.points.map((point, index) => entry(`${driver.chip} ${point.line}`, index, "line"));
  }
}

function twice(what: Text, entries: readonly Entry[]): Finding[] {
  const seen = new Set<string>();
  return entries.flatMap(({ key, path }): Finding[] => {
    if (!seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [
      {
        code: "config.duplicate",
        path,
        message: { zh: `${what.zh} ${key} 重复使用。`, en: `The ${what.en} ${key} is used twice.` },
        remedy: { zh: `请改用其他${what.zh}。`, en: `Use another ${what.en} here.` },
      },
    ];
  });
}
