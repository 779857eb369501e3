// What persons act through at the hub: commands to boxes, dual approval, alarm acts, and the link that carries them.

import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { HubConfig } from "../config/hub.js";
import type { Clock } from "../edge/machine/ports.js";
import { createRefusals } from "../edge/machine/refusals.js";
import { createTimer } from "../edge/machine/timer.js";
import type { Act } from "../edge/model/command.js";
import type { OrderPlace } from "../edge/model/rights.js";
import { type AlarmActs, createActs } from "./alarm/acts.js";
import type { BoxCertificates } from "./broker/certificates.js";
import type { Metrics } from "./console/metrics.js";
import { commandKind, createOrders, type Orders } from "./console/orders.js";
import { createSiteOrders, type SiteOrders } from "./console/site-orders.js";
import type { Stream } from "./console/stream.js";
import type { OnClose } from "./entrance.js";
import { type Intake, type IntakeOptions, startIntake } from "./intake/intake.js";
import type { Book, Ledger } from "./ledger/ledger.js";
import { type Approvals, createApprovals } from "./people/approvals.js";
import type { People } from "./people/people.js";
import { mayHandle } from "./people/rights.js";
import type { Reading } from "./reading.js";
import { startUpkeep } from "./upkeep.js";

const minuteMs = 60_000;
const shelveMinutesMaxDefault = 480;
const outOfServiceDaysMaxDefault = 31;

export interface DeskOptions {
  readonly config: HubConfig;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly reading: Reading;
  readonly stream: Stream;
  readonly book: Book;
  readonly metrics: Metrics;
  readonly people: People;
  readonly link: Pick<IntakeOptions, "url" | "tls" | "login" | "clientId">;
  readonly certificates: BoxCertificates;
}

/** What persons act through, and the way to the boxes. */
export interface Desk {
  readonly intake: Intake;
  readonly orders: Orders;
  readonly siteOrders: SiteOrders;
  readonly approvals: Approvals;
  readonly acts: AlarmActs;
}

export function openDesk(options: DeskOptions, onClose: OnClose): Desk {
  const { config, log, clock, reading, stream, book, people } = options;
  const { projections, alarms } = reading;
  const boxesOf = (site: string) => {
    const known = projections.edges().filter((view) => view.site === site);
    const listed = config.sites.find((entry) => entry.site === site)?.edges ?? [];
    return [...new Set([...listed, ...known.map(({ edge }) => edge)])];
  };
  const isWaiting = (id: string) => approvals.waiting().some((view) => view.id === id);
  const orders: Orders = createOrders({
    book,
    clock,
    approvals: () => approvals,
    isKnown: (site, edge) => boxesOf(site).includes(edge),
    placeOf: placeOf(reading),
    send: (site, edge, command) => intake.command(site, edge, command),
  });
  const kinds = { [commandKind]: orders.approvalKind };
  const approvals = createApprovals({ book, clock, kinds, isActive: people.isActive, known: projections.approvals });
  const left = projections.commands().filter(({ state }) => state === "sent" || state === "awaiting-approval");
  orders.resume(left.filter(({ id }) => !isWaiting(id)));
  const intake = openIntake(options, orders);
  onClose(() => intake.close());
  const siteOrders = createSiteOrders({ ...projections, orders, book, boxesOf });
  const acts = createActs({
    get: alarms.get,
    book,
    limits: limitsOf(config),
    now: () => clock.now().wall,
    newId: randomUUID,
    may: mayHandle,
    order: (actor, { site, edge }, act) => orders.request(actor, { site, edge, act, reason: actor.note ?? "" }),
  });
  const expire = [orders.expire, approvals.expire];
  onClose(startUpkeep({ config, log, clock, reading, book, operators: stream.operators, intake, expire }));
  return { intake, orders, siteOrders, approvals, acts };
}

/** How long alarms may be set aside. */
export function limitsOf({ alarms }: HubConfig) {
  return {
    shelveMsMax: (alarms?.shelveMinutesMax ?? shelveMinutesMaxDefault) * minuteMs,
    outOfServiceMsMax: (alarms?.outOfServiceDaysMax ?? outOfServiceDaysMaxDefault) * 1440 * minuteMs,
  };
}

function placeOf({ projections }: Reading) {
  return (site: string, edge: string, act: Act): OrderPlace => {
    const box = projections.edges().find((view) => view.site === site && view.edge === edge);
    const barriers = projections.inventoryOf(site, edge)?.barriers ?? [];
    const dualOpen = "barrier" in act && barriers.find(({ id }) => id === act.barrier)?.dualOpen === true;
    return { posture: box?.posture.level ?? "normal", dualOpen };
  };
}

function openIntake(options: DeskOptions, orders: Orders): Intake {
  const { config, link, log, clock, ledger, reading, stream, book, metrics, certificates } = options;
  const { projections } = reading;
  const refusals = createRefusals({ clock, timer: createTimer() }, (code, detail, count) => {
    metrics.refused(code, count);
    log.warn({ code, detail, count }, "intake");
  });
  const failed = (error: unknown) => log.error({ err: error }, "a command's turn was not recorded");
  return startIntake({
    ...link,
    book,
    ledger,
    clock,
    isSilent: reading.isSilent,
    stands: reading.stands,
    admits: (site, edge) => certificates.isAdmitted(`${site}.${edge}`),
    packetBytesMax: config.broker.packetBytesMax,
    events: {
      online: (site, edge, online) => stream.publish(projections.setOnline(site, edge, online)),
      unlinked: () => {
        for (const { site, edge } of projections.edges()) stream.publish(projections.setOnline(site, edge, false));
      },
      result: (site, edge, result) => void orders.answered(site, edge, result).catch(failed),
      received: metrics.received,
      refused: refusals.add,
      renew: (site, edge, text, answer) =>
        void certificates
          .renew(`${site}.${edge}`, text)
          .then(answer, (err: unknown) => log.error({ err }, "not renewed")),
      trouble: (detail) => log.warn(detail),
    },
  });
}
