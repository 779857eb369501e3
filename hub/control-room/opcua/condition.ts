// One Alarms & Conditions condition: shows a picture, and takes what clients do with it to the hub. The hub decides; what it has
// decided comes back as the next picture.
import {
  DataType,
  LocalizedText,
  type Namespace,
  NodeId,
  StatusCodes,
  type UAObject,
  type UAVariable,
} from "node-opcua";
import { type Ask, bindMethods, type Handler, handlerOf } from "./methods.js";
import type { Picture } from "./picture.js";

export interface Condition {
  /** The condition and its shelving state, as clients name them in calls. */
  readonly nodes: readonly NodeId[];
  readonly handle: Handler;
  /** The source, below which all of it stands. */
  readonly object: UAObject;
  /** Whether there was ever an alarm. */
  isShown(): boolean;
  show(picture: Picture): void;
}

export interface ConditionOptions {
  readonly source: string;
  /** For example `zone:north`. */
  readonly name: string;
  /** For people; empty where it has none. */
  readonly title: string;
  readonly box: UAObject;
  readonly ask: Ask;
  readonly maxShelveMs: number;
}

const optionals = [
  "ConfirmedState",
  "Confirm",
  "ShelvingState",
  "SuppressedState",
  "OutOfServiceState",
  "LatchedState",
  "Reset",
];

/** A condition that no source has yet. To make one takes milliseconds; to give it to a source does not. */
export function createAlarm(namespace: Namespace, nodeId: string, maxShelveMs: number) {
  return namespace.instantiateAlarmCondition("AlarmConditionType", {
    browseName: "alarm",
    nodeId,
    conditionSource: null,
    inputNode: NodeId.nullNodeId,
    maxTimeShelved: maxShelveMs,
    optionals: [...optionals],
  });
}

export type Alarm = ReturnType<typeof createAlarm>;

/** `alarm` becomes the condition of the source. */
export function createCondition(namespace: Namespace, alarm: Alarm, options: ConditionOptions): Condition {
  const { source, name, title, box } = options;
  const object = namespace.addObject({
    browseName: name,
    nodeId: `s=${source}`,
    ...(title !== "" && { displayName: title }),
    componentOf: box,
    eventNotifier: 1,
    eventSourceOf: box,
  });
  for (const referenceType of ["HasComponent", "HasCondition"])
    object.addReference({ referenceType, nodeId: alarm.nodeId });
  alarm.setSourceNode(object.nodeId);
  alarm.setSourceName(object.browseName.toString());
  alarm.conditionName.setValueFromSource({ dataType: DataType.String, value: name });
  const branch = alarm.currentBranch();
  let shown: Picture | null = null;
  branch.setConfirmedState(true);
  branch.setAckedState(true);
  setTwoState(alarm.latchedState, false, latchedWords);
  setTwoState(alarm.outOfServiceState, false, serviceWords);
  const handle = handlerOf(options, { shown: () => shown, eventId: () => branch.getEventId() });
  bindMethods(alarm, handle);

  return {
    nodes: [alarm.nodeId, ...(alarm.shelvingState === undefined ? [] : [alarm.shelvingState.nodeId])],
    handle,
    object,
    isShown: () => shown !== null,
    show(picture) {
      shown = picture;
      branch.setActiveState(picture.active);
      branch.setAckedState(picture.acked);
      branch.setConfirmedState(picture.confirmed);
      branch.setSuppressedState(picture.suppressed);
      branch.setComment(new LocalizedText({ text: picture.comment }));
      setTwoState(alarm.latchedState, picture.latched, latchedWords);
      setTwoState(alarm.outOfServiceState, picture.outOfService, serviceWords);
      alarm.shelvingState?.setState(picture.shelved ? "TimedShelved" : "Unshelved");
      alarm.raiseNewCondition({
        message: new LocalizedText({ text: picture.message }),
        severity: picture.severity,
        quality: StatusCodes.Good,
        retain: picture.retain,
        time: new Date(picture.at),
      });
    },
  };
}

const latchedWords = ["Unlatched", "Latched"] as const;
const serviceWords = ["In Service", "Out of Service"] as const;

/** The library gives these two no machinery of their own. */
function setTwoState(variable: UAVariable | undefined, value: boolean, words: readonly [string, string]): void {
  variable?.setValueFromSource({
    dataType: DataType.LocalizedText,
    value: new LocalizedText({ text: words[value ? 1 : 0] }),
  });
  const id = variable?.getPropertyByName("Id");
  id?.setValueFromSource({ dataType: DataType.Boolean, value });
}
