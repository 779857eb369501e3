// What a box that comes with a code asks, and what it is given.
/** `replaced`: serial numbers of the certificates that have lost their force for it. */
export interface Replaced extends Enrolled {
  readonly replaced: readonly string[];
}

export interface Enrolled {
  readonly name: string;
  readonly certificate: string;
  readonly ca: string;
  readonly expiresAt: string;
}

/** What a box asks with: its code and a PKCS #10 request. */
export interface EnrolmentAsked {
  readonly code: string;
  readonly request: string;
  /** `{site}.{edge}` that the box takes itself for; undefined where it does not say. */
  readonly name?: string;
}
