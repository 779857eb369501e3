// Which certificates of our authority count. Plain values, because the broker's process is told them.

export interface Admission {
  /** Serial numbers, as certificates name them: capital hexadecimal digits. */
  readonly revoked: readonly string[];
  /** Names of which only these serial numbers count: what else bears the name is revoked too, known or not. */
  readonly only: Readonly<Record<string, readonly string[]>>;
}

export const everybody: Admission = { revoked: [], only: {} };

export function isAdmitted({ revoked, only }: Admission, name: string, serial: string | null): boolean {
  if (serial === null || revoked.includes(serial)) return false;
  return !Object.hasOwn(only, name) || only[name]?.includes(serial) === true;
}
