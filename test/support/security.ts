// What must hold against whoever opens the box, listens on the network, misuses a right or poisons a package. The clauses
// behind it: ETSI EN 303 645, IEC 62443-4-2, OWASP IoT. Each row needs a test that names it.
import type { Row } from "./shown-rows.js";

const holds = [
  "No default password; the first start demands a new one, and shipped values are refused",
  "Only documented ports listen, on loopback unless configured",
  "TLS 1.2 or newer on every TLS port",
  "No certificate, a foreign authority, an expired or a revoked certificate: refused",
  "The client id is the certificate's name; nobody evicts another",
  "Topics belong to one device, also after a reconnect and in a mixed SUBSCRIBE",
  "Malformed, oversize and endlessly slow packets: the process lives, its memory is bounded, others are served",
  "A frozen subscriber delays no alarm beyond 5 s",
  "Logins are throttled and their failures audited",
  "Cookies are HttpOnly, SameSite and, behind TLS, Secure; sessions end; a foreign Origin is refused",
  "Keys are 0600, the service needs no root, no secret stands in log, repository or process list",
  "A flipped byte and a cut tail of the journal are found and named; the hub keeps the head",
  "Hub and link down: the box acts in time, all is told later, kill loops lose nothing acknowledged",
  "A command bears issuer, right and expiry and runs once; a replayed or late one is refused and recorded",
  "ZeroMQ admits listed keys only; OPC UA without security, anonymous or with an unknown certificate is refused",
  "The lockfile has an integrity for every package; install scripts are reviewed and named",
];

export const securityRows: readonly Row[] = holds.map((what, index) => ({
  id: `S-${String(index + 1).padStart(2, "0")}`,
  cells: [what],
}));
