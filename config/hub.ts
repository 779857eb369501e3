// What a hub's configuration says: type and schema. A hub listens on loopback unless its file says otherwise.
import { type Static, Type } from "typebox";
import { exposed } from "./rules/exposure.js";
import { closed, host, id, list, port, text, whole } from "./schema/terms.js";
import type { Finding } from "./trouble.js";

export const hubSchema = Type.Object(
  {
    name: text,
    http: closed({ host, port }, "API and pages."),
    broker: closed(
      {
        host,
        port,
        connectionsMax: whole("Boxes connected at the same time.", 1, 10_000),
        packetBytesMax: whole("Size of the largest packet in bytes.", 1024, 16_777_216),
      },
      "Where boxes connect, by mutual TLS.",
    ),
    zeromq: closed({ host, publishPort: port, requestPort: port }, "Feed for control rooms, CURVE."),
    operatorsMin: Type.Optional(
      whole(
        "Different operators or supervisors who must have the console open (A-30: 2); absent: not asked for.",
        1,
        16,
      ),
    ),
    retentionDays: whole("Days that records are kept; 90 by norm 002 clause 3(4)1.", 90, 3650),
    sites: list(
      closed({
        site: id("The site's id."),
        edges: Type.Array(id("A box of this site."), { minItems: 1, maxItems: 64, uniqueItems: true }),
      }),
      1,
      1024,
    ),
    controlRooms: list(
      closed({
        name: id("Control room."),
        curvePublicKey: Type.String({
          minLength: 40,
          maxLength: 40,
          description: "CURVE public key, Z85. Keys may also lie in the data folder.",
        }),
      }),
      0,
      64,
    ),
  },
  { additionalProperties: false, title: "Portcullis hub" },
);

export type HubConfig = Static<typeof hubSchema>;

/** Findings of a well-formed hub configuration. */
export function checkHub(hub: HubConfig): Finding[] {
  const sites = new Set<string>();
  const twice = hub.sites.flatMap(({ site }, index): Finding[] => {
    if (!sites.has(site)) {
      sites.add(site);
      return [];
    }
    return [
      {
        code: "config.duplicate",
        path: ["sites", index, "site"],
        message: { zh: `站点 ${site} 重复。`, en: `The site ${site} is listed twice.` },
        remedy: { zh: "把同一站点的主机合并为一项。", en: "Put all boxes of a site into one entry." },
      },
    ];
  });
  return [...twice, ...exposed(["http", "host"], hub.http.host)];
}
