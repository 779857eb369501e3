// Schema of a whole site, put together from its parts and proved equal to the type in edge/model/site.ts.
import { type Static, Type } from "typebox";
import type { EdgeConfig, Site } from "../../edge/model/site.js";
import { annunciator, barrier, failSafe, group } from "./action.js";
import { area, confirmation, fixture } from "./area.js";
import { driver } from "./driver.js";
import { panel } from "./panel.js";
import { channel, deviation, duty, response } from "./plan.js";
import { type Assert, closed, host, id, ids, line, list, ms, port, type Same, text, whole } from "./terms.js";
import { walkTest } from "./walk-test.js";
import { zone } from "./zone.js";

const tls = closed(
  {
    cert: Type.Optional(line("Certificate chain, PEM; absent: one that the box makes below http-pki/.")),
    key: Type.Optional(line("Its key, PEM; absent: one that the box makes below http-pki/.")),
  },
  "HTTPS, TLS 1.2 or newer; asked for beyond this machine. Paths are taken from the data folder.",
);

const uplink = closed({
  hubs: Type.Array(
    Type.String({ pattern: "^mqtts://[^\\s/@]+:\\d{1,5}$", maxLength: 256, description: "mqtts://host:8883" }),
    { minItems: 1, maxItems: 8, description: "Hubs, tried in order." },
  ),
});

const edge = closed({
  id: id("The box; with the site's id it names its certificate."),
  name: text,
  http: closed({ host, port, tls: Type.Optional(tls) }, "The box's own pages."),
  uplink: Type.Optional(uplink),
  drivers: list(driver, 1, 32),
  areas: list(area, 1, 64),
  zones: list(zone, 0, 512),
  barriers: list(barrier, 0, 64),
  groups: list(group, 0, 64),
  annunciators: list(annunciator, 0, 64),
  responses: list(response, 0, 128),
  confirmations: Type.Optional(list(confirmation, 0, 64)),
  channels: Type.Optional(list(channel, 0, 16)),
  duties: Type.Optional(list(duty, 0, 128)),
  deviations: Type.Optional(list(deviation, 0, 64)),
  fixtures: Type.Optional(list(fixture, 0, 128)),
  failSafe: Type.Optional(failSafe),
  panel: Type.Optional(panel),
  walkTest: Type.Optional(walkTest),
  timeZone: Type.Optional(
    Type.String({
      pattern: "^[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}$",
      maxLength: 64,
      description: "IANA name such as Asia/Shanghai, for schedules.",
    }),
  ),
  journal: closed({
    retentionDays: whole("Days that records are kept; 90 by norm 002 clause 3(4)1.", 90, 3650),
    quotaMiB: whole("Disk quota of the journal, MiB.", 16, 1_048_576),
    reserveMiB: whole("Part of the quota kept for alarms, MiB.", 1, 65_536),
    encryptedAreas: Type.Optional(ids("Area whose records are encrypted on the disk (norm 002 clause 3(4)1).", 1)),
    keyFile: Type.Optional(
      line(
        "File of their private key, outside the data folder; made at the first start. PORTCULLIS_JOURNAL_KEY goes before.",
        1024,
      ),
    ),
  }),
  settleMs: ms("From power-on until every point has been read; then what is missing counts as lost.", 0, 120_000),
});

export const siteSchema = Type.Object(
  {
    site: id("The site, unique at the hub."),
    name: text,
    revision: whole("Grows with every change.", 1, 2_147_483_647),
    edges: list(edge, 1, 64),
    simulation: Type.Optional(
      Type.Unknown({ description: "The plant behind the simulators; the box never reads it." }),
    ),
  },
  { additionalProperties: false, title: "Portcullis site" },
);

export type EdgeMatches = Assert<Same<Static<typeof edge>, EdgeConfig>>;
export type SiteMatches = Assert<Same<Static<typeof siteSchema>, Site>>;
