// Who stands at the broker's door: what is refused before any password is looked at, and whose name a connection bears.
import { TLSSocket } from "node:tls";
import type { Client, ConnectPacket } from "aedes";

/** A client whose id is the name that its credentials bear. */
export interface Identity {
  readonly client: string;
  readonly password: string | null;
  /** Common name of a certificate that the listener's authority has signed; null without one. */
  readonly certificateName: string | null;
  /** Its serial number in capital hexadecimal digits, as revocation lists name it; null without a certificate. */
  readonly certificateSerial: string | null;
}

/** No control character or NUL, which some later reader would take for something else. */
export function isCleanName(name: string): boolean {
  return name.length > 0 && name.length <= nameLengthMax && !/\p{Cc}/u.test(name);
}
const nameLengthMax = 512;

/** Why a CONNECT is refused without looking at its credentials; null when it is not. */
export function refusedBeforeLogin(packet: ConnectPacket, refusePersistent: boolean): string | null {
  const id = JSON.stringify(packet.clientId);
  if (packet.protocolVersion !== 3 && packet.protocolVersion !== 4)
    return `protocol ${packet.protocolVersion} from ${id}`;
  if (!isCleanName(packet.clientId)) return `client id ${id} is empty, too long or has control characters`;
  if (refusePersistent && !packet.clean) return `client ${id}: a persistent session`;
  return null;
}

/**
 * The name that the credentials bear, if it equals the client id: the certificate's where the listener asks for
 * certificates (it has judged them), else the user's.
 */
export function accountOf(
  client: Client,
  user: string | undefined,
  password: Buffer | undefined,
  withCertificates: boolean,
): Identity | null {
  const shown = withCertificates ? certificateOf(client) : { certificateName: null, certificateSerial: null };
  if (shown === null || (shown.certificateName ?? user) !== client.id) return null;
  return { client: client.id, password: password?.toString("utf8") ?? null, ...shown };
}

function certificateOf({ conn }: Client): { certificateName: string; certificateSerial: string } | null {
  if (!(conn instanceof TLSSocket)) return null;
  const certificate = conn.getPeerCertificate();
  const name: unknown = certificate.subject?.CN;
  return typeof name === "string" ? { certificateName: name, certificateSerial: certificate.serialNumber } : null;
}
