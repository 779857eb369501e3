// One order to all boxes of a site: posture, risk, lock-down, silence. Each box gets a command of its own and gives a result of its own.
import { randomUUID } from "node:crypto";
import { type Act, urgentActs } from "../../edge/model/command.js";
import { refusal } from "../../edge/model/error.js";
import type { Inventory } from "../../edge/model/inventory.js";
import { mayAct } from "../../edge/model/rights.js";
import type { Book } from "../ledger/ledger.js";
import type { Person } from "../people/people.js";
import type { Orders } from "./orders.js";
import type { CommandView, SiteOrderView } from "./views.js";

/** Acts that make sense for a whole site. A lock-down names no group: it is for all of each box. */
export type SiteAct =
  | Extract<Act, { kind: "set-posture" | "declare-risk" | "silence" }>
  | { readonly kind: "lock-down" };

export interface SiteOrderRequest {
  readonly site: string;
  readonly act: SiteAct;
  readonly reason: string;
}

export interface SiteOrders {
  /** Rejects with `api.not-found` for an unknown site. */
  request(person: Person, request: SiteOrderRequest): Promise<SiteOrderView>;
  /** Undefined when it is not known (any more). */
  get(id: string): SiteOrderView | undefined;
}

export interface SiteOrdersOptions {
  readonly orders: Pick<Orders, "request">;
  readonly book: Pick<Book, "act">;
  /** Every box that a site has or is to have. */
  readonly boxesOf: (site: string) => readonly string[];
  readonly inventoryOf: (site: string, edge: string) => Inventory | undefined;
  /** Present views, newest first. */
  readonly commands: () => readonly CommandView[];
}

export function createSiteOrders({ orders, book, boxesOf, inventoryOf, commands }: SiteOrdersOptions): SiteOrders {
  return {
    async request(person, { site, act, reason }) {
      const boxes = boxesOf(site);
      if (!mayAct(person.role, act.kind)) throw refusal("command.not-allowed", "/act", act.kind);
      if (boxes.length === 0) throw refusal("api.not-found", "/params/site", site);
      const id = randomUUID();
      const data = { siteOrder: id, site, act, reason, by: person.user, role: person.role, edges: boxes };
      const ordered = { type: "site.commanded", lane: "alarm", subject: site, data } as const;
      const isUrgent = urgentActs.includes(act.kind);
      if (!isUrgent) await book.act(ordered);
      const results = await Promise.all(
        boxes.map(async (edge) => {
          const asked = actsFor(act, inventoryOf(site, edge)).map((one) =>
            orders.request(person, { site, edge, act: one, reason, siteOrder: id }),
          );
          return { edge, commands: await Promise.all(asked) };
        }),
      );
      if (isUrgent) await book.act(ordered);
      return { id, site, boxes: results };
    },
    get(id) {
      const own = commands().filter(({ siteOrder }) => siteOrder === id);
      const [first] = own;
      if (first === undefined) return undefined;
      const boxes = boxesOf(first.site);
      const { site } = first;
      return { id, site, boxes: boxes.map((edge) => ({ edge, commands: own.filter((one) => one.edge === edge) })) };
    },
  };
}

function actsFor(act: SiteAct, inventory: Inventory | undefined): readonly Act[] {
  if (act.kind !== "lock-down") return [act];
  return (inventory?.groups ?? []).map(({ id }) => ({ kind: "lock-down", group: id }));
}
