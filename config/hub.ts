// What a hub's configuration says: type and schema. A hub listens on loopback unless its file says otherwise.
import { type Static, Type } from "typebox";
import { outletFindings, outletsSchema } from "./hub-outlets.js";
import { exposed, halfPair } from "./rules/exposure.js";
import { closed, flag, host, id, line, list, port, text, whole } from "./schema/terms.js";
import type { Finding } from "./trouble.js";

export const hubSchema = Type.Object(
  {
    name: text,
    http: closed(
      {
        host,
        port,
        tls: Type.Optional(
          closed(
            {
              cert: Type.Optional(line("Certificate chain, PEM; absent: the hub's own of pki/.")),
              key: Type.Optional(line("Its key, PEM; absent: the hub's own of pki/.")),
            },
            "HTTPS, TLS 1.2 or newer; asked for beyond this machine. Paths are taken from the data folder.",
          ),
        ),
        proxy: Type.Optional(
          flag("A TLS proxy on this machine stands in front; its word on address and protocol is believed."),
        ),
      },
      "API and pages.",
    ),
    broker: closed(
      {
        host,
        port,
        connectionsMax: whole("Boxes connected at the same time.", 1, 10_000),
        packetBytesMax: whole("Size of the largest packet in bytes.", 1024, 16_777_216),
      },
      "Where boxes connect, by mutual TLS.",
    ),
    existingBroker: Type.Optional(
      closed(
        {
          url: line("mqtts://host:port; mqtt:// on this machine only.", 1024),
          user: Type.Optional(line("The hub's login; its password stands in existing-broker.json of the data folder.")),
          ca: Type.Optional(line("PEM file of the broker's authority, from the data folder; absent: pki/ca.pem.")),
        },
        "Boxes meet the hub at this broker, and none is started. It must let a box speak and hear for itself only (portcullis keys acl). Without a user the hub logs in with pki/intake.pem.",
      ),
    ),
    zeromq: closed({ host, publishPort: port, requestPort: port }, "Feed for control rooms, CURVE."),
    operatorsMin: Type.Optional(
      whole(
        "Different operators or supervisors who must have the console open (A-30: 2); absent: not asked for.",
        1,
        16,
      ),
    ),
    alarms: Type.Optional(
      closed({
        escalateAfterSeconds: Type.Optional(
          Type.Array(whole("Unacknowledged for so long.", 1, 86_400), {
            maxItems: 8,
            description: "When an unacknowledged alarm is told anew, rising; absent: 30, 60, 180.",
          }),
        ),
        shelveMinutesMax: Type.Optional(whole("Longest shelving; absent: 480.", 1, 1440)),
        outOfServiceDaysMax: Type.Optional(whole("Longest time out of service; absent: 31.", 1, 90)),
      }),
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
    outlets: Type.Optional(outletsSchema),
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
  return [
    ...twice,
    ...escalationFindings(hub),
    ...httpFindings(hub),
    ...brokerFindings(hub),
    ...outletFindings(hub.outlets ?? {}),
  ];
}

function escalationFindings({ alarms }: HubConfig): Finding[] {
  const { escalateAfterSeconds: after = [] } = alarms ?? {};
  const index = after.findIndex((seconds, at) => at > 0 && seconds <= (after[at - 1] ?? 0));
  if (index < 0) return [];
  return [
    {
      code: "config.schema",
      path: ["alarms", "escalateAfterSeconds", index],
      message: { zh: "升级时间须递增。", en: "The times of escalation must rise." },
      remedy: { zh: "按先后排列，例如 [30, 60, 180]。", en: "Put them in order, for example [30, 60, 180]." },
    },
  ];
}

function brokerFindings({ existingBroker }: HubConfig): Finding[] {
  if (existingBroker === undefined) return [];
  const path = ["existingBroker", "url"];
  const url = URL.canParse(existingBroker.url) ? new URL(existingBroker.url) : null;
  if (url !== null && url.username === "" && url.protocol === "mqtts:") return [];
  if (url !== null && url.username === "" && url.protocol === "mqtt:")
    return exposed("existingBroker", path, url.hostname);
  return [
    {
      code: "config.schema",
      path,
      message: { zh: "不是 MQTT 地址，或含有口令。", en: "This is no MQTT address, or it holds a login." },
      remedy: { zh: "写成 mqtts://主机:端口，用户名写入 user。", en: "Write mqtts://host:port; the login is `user`." },
    },
  ];
}

function httpFindings({ http }: HubConfig): Finding[] {
  const half = (http.tls?.cert === undefined) !== (http.tls?.key === undefined);
  return [
    ...(half ? [halfPair(["http", "tls"])] : []),
    ...(http.tls === undefined ? exposed("hubPages", ["http", "host"], http.host) : []),
  ];
}
