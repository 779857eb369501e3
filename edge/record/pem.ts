// PEM texts hold several blocks one after the other, with words between that mean nothing.

/** The blocks with that label, each as it stands; they may hold anything. */
export function pemBlocksIn(text: string, label: "CERTIFICATE" | "PUBLIC KEY"): readonly string[] {
  return text.match(new RegExp(`-----BEGIN ${label}-----[^-]+-----END ${label}-----`, "g")) ?? [];
}
