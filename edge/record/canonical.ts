// The one form in which a value is hashed: JSON with sorted keys and nothing between them.

/**
 * Canonical JSON (keys by code unit, as RFC 8785); members that are undefined are left out, as JSON.stringify does. For
 * values whose shape was looked at: what is nested thousands deep overflows the stack.
 */
export function canonical(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map((item) => canonical(item ?? null)).join(",")}]`;
  const members = value as Readonly<Record<string, unknown>>;
  let text = "";
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member !== undefined) text += `${text === "" ? "" : ","}${JSON.stringify(key)}:${canonical(member)}`;
  }
  return `{${text}}`;
}
