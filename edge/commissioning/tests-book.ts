// Results of tests and checks at commissioning and after, as the commissioning book keeps them: per target the newest ones.

/** What was tried. Later versions and other parts may bring kinds of their own; they are kept and shown as they come. */
export const testKinds = ["walk", "guided", "run", "interlock", "siren", "fail-open", "fail-closed"] as const;
/** What somebody sees or hears and enters by hand; the others are measured by the box. */
export const handTestKinds = ["interlock", "siren", "fail-open", "fail-closed"] as const;
export type TestKind = (typeof testKinds)[number] | (string & {});

export interface TestResult {
  readonly kind: TestKind;
  /** Id of the zone, barrier or annunciator. */
  readonly target: string;
  readonly by: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly result: "passed" | "failed";
  /** The slowest, where several were measured. */
  readonly measuredMs: number | null;
  readonly limitMs: number | null;
  /** Triggers that were seen; null where that means nothing. */
  readonly hits: number | null;
  readonly note: string;
}

export const testLimits = {
  /** Of one kind and target; the oldest goes. */
  perTarget: 20,
  /** In the whole book; the oldest goes. */
  inAll: 2_000,
} as const;

export function withTest(tests: readonly TestResult[], result: TestResult): readonly TestResult[] {
  const isSame = ({ kind, target }: TestResult) => kind === result.kind && target === result.target;
  const surplus = tests.filter(isSame).length + 1 - testLimits.perTarget;
  let dropped = 0;
  const kept = tests.filter((known) => {
    if (!isSame(known) || dropped >= surplus) return true;
    dropped += 1;
    return false;
  });
  return [...kept, result].slice(-testLimits.inAll);
}

/** What a book of any age holds of them; what is none is left out. */
export function testsIn(value: unknown): readonly TestResult[] {
  return Array.isArray(value) ? value.filter(isTest) : [];
}

function isTest(value: unknown): value is TestResult {
  if (typeof value !== "object" || value === null) return false;
  const { kind, target, by, at, result, measuredMs, limitMs, hits, note } = value as Readonly<Record<string, unknown>>;
  const areTexts = [kind, target, by, at, note].every((text) => typeof text === "string");
  const areNumbers = [measuredMs, limitMs, hits].every((number) => number === null || Number.isFinite(number));
  return areTexts && areNumbers && (result === "passed" || result === "failed");
}
