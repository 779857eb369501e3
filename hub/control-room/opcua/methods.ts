// What clients may call on a condition (Part 9): each call becomes an act that the hub decides on, or a result code at once.
import {
  type CallMethodResultOptions,
  type IAddressSpace,
  type ISessionContext,
  type MethodFunctor,
  type NodeId,
  type StatusCode,
  StatusCodes,
  type UAAlarmConditionEx,
  type UAMethod,
  type Variant,
} from "node-opcua";
import type { AlarmAct } from "../../alarm/acts.js";
import type { Verdict } from "./messages.js";
import type { Picture } from "./picture.js";

export type Question =
  | { readonly kind: "login"; readonly user: string; readonly password: string }
  | {
      readonly kind: "act";
      readonly user: string;
      readonly alarms: readonly string[];
      readonly act: AlarmAct;
      readonly note: string;
    };
export type Ask = (question: Question) => Promise<Verdict>;

export type MethodName = keyof typeof methods;
export type Handler = (name: MethodName, inputs: Variant[], context: ISessionContext) => Promise<StatusCode>;

interface Wanted {
  readonly alarms: readonly string[];
  readonly act: AlarmAct;
}
type Act = (picture: Picture, inputs: Variant[], maxShelveMs: number) => Wanted | StatusCode;

/** Where the method stands in the type tree, and whether its first input is the id of the event that it answers. */
interface Method {
  readonly type: "ConditionType" | "AcknowledgeableConditionType" | "AlarmConditionType" | "ShelvedStateMachineType";
  readonly hasEvent: boolean;
  readonly act: Act;
}

const reset: Act = ({ open, acked }) =>
  open.length === 0 || !acked ? StatusCodes.BadInvalidState : { alarms: open, act: { kind: "reset" } };
/** Nobody switches a condition off, and remarks come with an act. */
const never: Act = () => StatusCodes.BadNotSupported;

/** The result codes are those of Part 9's tables. */
const methods = {
  Enable: { type: "ConditionType", hasEvent: false, act: never },
  Disable: { type: "ConditionType", hasEvent: false, act: never },
  AddComment: { type: "ConditionType", hasEvent: false, act: never },
  Acknowledge: {
    type: "AcknowledgeableConditionType",
    hasEvent: true,
    act: ({ unacknowledged }) =>
      unacknowledged.length === 0
        ? StatusCodes.BadConditionBranchAlreadyAcked
        : { alarms: unacknowledged, act: { kind: "acknowledge" } },
  },
  Confirm: {
    type: "AcknowledgeableConditionType",
    hasEvent: true,
    act: (picture, inputs, maxMs) =>
      picture.confirmed ? StatusCodes.BadConditionBranchAlreadyConfirmed : reset(picture, inputs, maxMs),
  },
  Reset: { type: "AlarmConditionType", hasEvent: false, act: reset },
  TimedShelve: {
    type: "ShelvedStateMachineType",
    hasEvent: false,
    act: ({ open, shelved }, inputs, maxMs) => {
      const forMs = Math.round(Number(inputs[0]?.value));
      if (shelved) return StatusCodes.BadConditionAlreadyShelved;
      if (!(forMs > 0 && forMs <= maxMs)) return StatusCodes.BadShelvingTimeOutOfRange;
      return { alarms: open, act: { kind: "shelve", forMs, reason: "OPC UA" } };
    },
  },
  OneShotShelve: {
    type: "ShelvedStateMachineType",
    hasEvent: false,
    act: ({ open, shelved }, _inputs, maxMs) =>
      shelved
        ? StatusCodes.BadConditionAlreadyShelved
        : { alarms: open, act: { kind: "shelve", forMs: maxMs, reason: "OPC UA, one shot" } },
  },
  Unshelve: {
    type: "ShelvedStateMachineType",
    hasEvent: false,
    act: ({ open, shelved }) =>
      shelved ? { alarms: open, act: { kind: "unshelve" } } : StatusCodes.BadConditionNotShelved,
  },
} as const satisfies Readonly<Record<string, Method>>;
const names = Object.keys(methods) as MethodName[];

const statusOf: Readonly<Record<Verdict, StatusCode>> = {
  good: StatusCodes.Good,
  forbidden: StatusCodes.BadUserAccessDenied,
  refused: StatusCodes.BadInvalidState,
  gone: StatusCodes.BadEventIdUnknown,
};

/** What becomes of a call on one condition. */
export function handlerOf(
  { ask, maxShelveMs }: { readonly ask: Ask; readonly maxShelveMs: number },
  { shown, eventId }: { readonly shown: () => Picture | null; readonly eventId: () => Buffer },
): Handler {
  return async (name, inputs, context) => {
    const { hasEvent, act }: Method = methods[name];
    if (hasEvent && !isEvent(inputs[0], eventId())) return StatusCodes.BadEventIdUnknown;
    const picture = shown();
    if (picture === null) return act === never ? StatusCodes.BadNotSupported : StatusCodes.BadInvalidState;
    const wanted = act(picture, inputs, maxShelveMs);
    if (!("act" in wanted)) return wanted;
    if (wanted.alarms.length === 0) return StatusCodes.BadInvalidState;
    const note = hasEvent ? remarkIn(inputs[1]) : "";
    return statusOf[await ask({ kind: "act", user: context.getUserName(), ...wanted, note })];
  };
}

function isEvent(input: Variant | undefined, present: Buffer): boolean {
  const event: unknown = input?.value;
  return Buffer.isBuffer(event) && event.equals(present);
}

const remarkLengthMax = 256;

function remarkIn(input: Variant | undefined): string {
  const text: unknown = input?.value?.text;
  return typeof text === "string" ? text.replace(/\p{Cc}/gu, " ").slice(0, remarkLengthMax) : "";
}

/** The condition's own methods. */
export function bindMethods(alarm: UAAlarmConditionEx, handle: Handler): void {
  for (const name of names) {
    const holder = methods[name].type === "ShelvedStateMachineType" ? alarm.shelvingState : alarm;
    bind(holder?.getMethodByName(name) ?? null, (inputs, context) => handle(name, inputs, context));
  }
}

/** The types' methods, which clients call with the condition's node as object. */
export function bindTypes(addressSpace: IAddressSpace, handlerFor: (node: NodeId) => Handler | undefined): void {
  for (const name of names) {
    const type = addressSpace.findObjectType(methods[name].type);
    bind(type?.getMethodByName(name) ?? null, async (inputs, context) => {
      const node = context.object?.nodeId;
      const handle = node && handlerFor(node);
      return handle === undefined ? StatusCodes.BadNodeIdInvalid : handle(name, inputs, context);
    });
  }
}

function bind(method: UAMethod | null, decide: (inputs: Variant[], context: ISessionContext) => Promise<StatusCode>) {
  const call: MethodFunctor = (inputs, context, done) => {
    decide(inputs, context).then(
      (statusCode) => done(null, { statusCode, outputArguments: [] } satisfies CallMethodResultOptions),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  };
  method?.bindMethod(call);
}
