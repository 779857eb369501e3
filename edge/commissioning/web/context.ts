// What every section of the page is given.
import type { Act, Role } from "../../model/command.js";
import type { SiteReply } from "../questions/site.js";
import type { BoxStatus } from "../status.js";
import type { KnownPoint } from "./feed.js";

export interface Person {
  readonly name: string;
  readonly roles: readonly Role[];
}

export interface Order {
  readonly act: Act;
  readonly reason: string;
  readonly second?: { readonly name: string; readonly pin: string };
}

export interface Context {
  readonly site: SiteReply;
  /** Null before the controller has spoken. */
  readonly status: BoxStatus | null;
  readonly points: ReadonlyMap<string, KnownPoint>;
  /** False while what is shown may be old. */
  readonly isLive: boolean;
  /** Null while nobody is logged in. */
  readonly person: Person | null;
  /** Does something at the box; a refusal is shown to the reader, with its obstacles. */
  attempt(work: () => Promise<void>): Promise<void>;
  /** Gives the order, after asking for name and PIN when nobody is logged in. @throws Refusal */
  send(order: Order): Promise<void>;
  /** Asks for name and PIN when nobody is logged in; false when the reader cancels. */
  ensurePerson(): Promise<boolean>;
  /** Any other request below /api/v1. @throws Refusal */
  call<T>(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T>;
  /** A short message that goes away by itself. */
  tell(message: string): void;
  /** Shows what a section has learnt since. */
  redraw(): void;
}
