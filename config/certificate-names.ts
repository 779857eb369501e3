// Who is meant by a certificate's name, which is the MQTT client id too.

/** The hub's own intake. */
export const intakeName = "hub-intake";

/** A box. */
export function edgeName(site: string, edge: string): string {
  return `${site}.${edge}`;
}
