// Puts the report together from what the box hands over: content, open points, signatures, trial run. Pure.
import type { Text } from "../../model/text.js";
import type { Stamp } from "../../model/time.js";
import type { InventoryRow } from "../inventory/rows.js";
import type { HandoverReply } from "../questions/handover.js";
import { contentHash } from "./bundle.js";
import { contentOf, nameIn } from "./content.js";
import {
  type OpenPoint,
  type Report,
  type ReportContent,
  reportLimits,
  type SignatureView,
  type TrialView,
  type ZoneResult,
} from "./report.js";

const dayMs = 86_400_000;
const iso = ({ wall }: Stamp) => new Date(wall).toISOString();

/** `timeZone`: in which times are shown. */
export function composeReport(given: HandoverReply, inventory: readonly InventoryRow[], timeZone: string): Report {
  const content = contentOf(given);
  const hash = contentHash(content);
  const signatures = signaturesOf(given, hash);
  return {
    content,
    state: {
      madeAt: iso(given.now),
      clock: given.now.clock,
      timeZone,
      openPoints: [...testPoints(content), ...standingPoints(given), ...maintenancePoints(inventory)],
      signatures,
      isSigned: signatures.filter(({ isValid }) => isValid).length >= reportLimits.signersNeeded,
      trial: trialOf(given, hash),
      availability: given.faults.availability,
    },
  };
}

function testPoints({ zones, barriers, checks }: ReportContent): readonly OpenPoint[] {
  const point = (tested: Pick<ZoneResult, "id" | "name" | "result" | "at">, detail: string): readonly OpenPoint[] => {
    const { id, name, result, at } = tested;
    if (result === "passed") return [];
    return [{ what: result === "open" ? "untested" : "test-failed", subject: id, name, detail, since: at }];
  };
  const plain = [...zones, ...barriers].flatMap((tested) => point(tested, ""));
  const slow = [...zones, ...barriers]
    .filter(({ measuredMs, provedMs }) => measuredMs !== null && provedMs !== null && measuredMs > provedMs)
    .map(({ id, name, at, measuredMs, provedMs }): OpenPoint => {
      const detail = `${measuredMs} > ${provedMs} ms`;
      return { what: "slower-than-proved", subject: id, name, detail, since: at };
    });
  return [...plain, ...checks.flatMap((check) => point(check, check.kind)), ...slow];
}

function standingPoints({ config, durable, faults }: HandoverReply): readonly OpenPoint[] {
  const named = (device: string) => nameIn(config, device.slice(device.indexOf(":") + 1));
  const orders = faults.workOrders.map(({ device, cause, number, openedAt }): OpenPoint => {
    return { what: "work-order", subject: device, name: named(device), detail: `${number} ${cause}`, since: openedAt };
  });
  const unordered = faults.faults.filter(({ device }) => !faults.workOrders.some((order) => order.device === device));
  const overdue = (config.duties ?? []).filter(({ id }) => durable.dutiesMissed[id] === true);
  return [
    ...orders,
    ...unordered.map(({ device, cause, since }): OpenPoint => {
      return { what: "fault", subject: device, name: named(device), detail: cause, since };
    }),
    ...overdue.map(({ id, name }): OpenPoint => ({ what: "duty-overdue", subject: id, name, detail: "", since: "" })),
    ...Object.entries(durable.out).map(([zone, { how }]): OpenPoint => {
      return { what: "zone-out", subject: zone, name: nameIn(config, zone), detail: how, since: "" };
    }),
  ];
}

function maintenancePoints(inventory: readonly InventoryRow[]): readonly OpenPoint[] {
  const due = inventory.filter((row) => row.due === "due");
  return due.map(({ device, name, dueOn }): OpenPoint => {
    return { what: "maintenance-due", subject: device, name: name satisfies Text, detail: dueOn, since: "" };
  });
}

/** In the order in which they were given. */
function signaturesOf({ durable }: HandoverReply, hash: string): readonly SignatureView[] {
  const all = Object.values(durable.signatures).sort((a, b) => a.order - b.order);
  return all.map(({ by, roles, capacity, openPoints, at, hash: signed }) => {
    return { by, roles, capacity, at: iso(at), hash: signed, openPoints, isValid: signed === hash };
  });
}

function trialOf({ durable, faults, trialAvailability, now }: HandoverReply, hash: string): TrialView | null {
  const { trial } = durable;
  if (trial === null) return null;
  const { startedAt, until, by, alarms, falseAlarms, faults: faultsSeen, missed, ended, report } = trial;
  const isClean = missed === 0 && faults.faults.length === 0;
  const daysLeft = ended === null ? Math.max(0, Math.ceil((until.wall - now.wall) / dayMs)) : 0;
  return {
    startedAt: iso(startedAt),
    until: iso(until),
    by,
    daysLeft,
    alarms,
    falseAlarms,
    faults: faultsSeen,
    missed,
    availability: trialAvailability,
    isOfThis: report === hash,
    result: ended === null ? "running" : isClean ? "clean" : "with-findings",
  };
}
