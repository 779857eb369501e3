// What a security grade asks for, in one table: GB/T 32581, EN 50131-1 by analogy, for the fence lies outside its scope.
import type { Role } from "./command.js";
import type { AreaConfig, Grade } from "./site.js";

export interface GradeRules {
  /** Events that the log holds at least, also without power (EN 50131-1 event memory). */
  readonly logEventsMin: number;
  /** Digits of a person's PIN. */
  readonly pinDigitsMin: number;
  /** A contact without end-of-line supervision, whose cable can be cut unseen. */
  readonly allowsBareContacts: boolean;
  /** A masked detector prevents arming (EN 50131-1 Table 4). */
  readonly maskingPreventsArming: boolean;
  /** Who may reset after a tamper (EN 50131-1 Table 6). */
  readonly tamperResetBy: readonly Role[];
}

const anybody: readonly Role[] = ["operator", "supervisor", "technician", "administrator"];

export const gradeRules: Readonly<Record<Grade, GradeRules>> = {
  1: {
    logEventsMin: 250,
    pinDigitsMin: 4,
    allowsBareContacts: true,
    maskingPreventsArming: false,
    tamperResetBy: anybody,
  },
  2: {
    logEventsMin: 250,
    pinDigitsMin: 4,
    allowsBareContacts: true,
    maskingPreventsArming: false,
    tamperResetBy: anybody,
  },
  3: {
    logEventsMin: 500,
    pinDigitsMin: 6,
    allowsBareContacts: false,
    maskingPreventsArming: true,
    tamperResetBy: ["technician"],
  },
  4: {
    logEventsMin: 1000,
    pinDigitsMin: 6,
    allowsBareContacts: false,
    maskingPreventsArming: true,
    tamperResetBy: ["technician"],
  },
};

/** The rules of an area; grade 2 where none is said. */
export function rulesOf(area: AreaConfig): GradeRules {
  return gradeRules[area.grade ?? 2];
}
