// The hub's OPC UA Alarms & Conditions server against a client over a secured channel: events, acts, refresh, and who is let in.
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AttributeIds,
  type ClientSession,
  type ClientSubscription,
  constructEventFilter,
  DataType,
  LocalizedText,
  LogLevel,
  MessageSecurityMode,
  ObjectIds,
  OPCUACertificateManager,
  OPCUAClient,
  SecurityPolicy,
  StatusCodes,
  setLogLevel,
  TimestampsToReturn,
  UserTokenType,
  Variant,
} from "node-opcua";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PortcullisError } from "../../edge/model/error.js";
import type { Actor, AlarmAct } from "../../hub/alarm/acts.js";
import { type ChangeLog, createFeed } from "../../hub/alarm/feed.js";
import type { AlarmChange, AlarmRecord } from "../../hub/alarm/record.js";
import { type OpcuaOutlet, startOpcuaOutlet } from "../../hub/control-room/opcua/outlet.js";

setLogLevel(LogLevel.Error);
const waiting = { timeout: 30_000, interval: 10 };
const north = "ns=1;s=port/gate/zone:north:alarm";
const acknowledgeMethod = "i=9111";
const confirmMethod = "i=9113";

const alarm = (id: string, changes: Partial<AlarmRecord> = {}): AlarmRecord =>
  ({
    id,
    origin: "zone:north",
    site: "port",
    edge: "gate",
    title: { zh: "北围栏：剪切", en: `North fence: Fence cut ${id}` },
    severity: 900,
    state: "unacknowledged",
    active: true,
    acknowledged: false,
    acknowledgedBy: null,
    latched: true,
    shelved: null,
    suppressed: null,
    outOfService: null,
    exercise: false,
    occurredAt: "2026-06-01T12:00:00.000Z",
    raisedAt: "2026-06-01T12:00:00.000Z",
    closedAt: null,
    ...changes,
  }) as AlarmRecord;

interface Told {
  readonly eventId: Buffer;
  readonly eventType: string;
  readonly message: string;
  readonly severity: number;
  readonly active: boolean | null;
  readonly acked: boolean | null;
  readonly confirmed: boolean | null;
  readonly retain: boolean | null;
  readonly conditionName: string | null;
}

describe("the hub's alarms over OPC UA", () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-ac-"));
  const changes: AlarmChange[] = [];
  const acted: { actor: Actor; id: string; act: AlarmAct }[] = [];
  const troubles: string[] = [];
  let feed: ChangeLog;
  let outlet: OpcuaOutlet;
  let client: OPCUAClient;
  let session: ClientSession;
  let subscription: ClientSubscription;
  const told: Told[] = [];
  /** The newest event of the condition; marks of a refresh are none. */
  const newest = () => told.findLast(({ conditionName }) => conditionName === "zone:north");

  const openAlarms = () => {
    const newest = new Map(changes.flatMap(({ alarms }) => alarms).map((each) => [each.id, each]));
    return [...newest.values()].filter(({ state }) => state !== "closed").reverse();
  };
  function happen(...alarms: AlarmRecord[]): void {
    const change = { sequence: changes.length + 1, at: "", alarms };
    changes.push(change);
    feed.push(change);
  }

  /** Everything is kept in sight. */
  async function* nothing(): AsyncGenerator<AlarmChange> {
    for (const change of changes.slice(changes.length)) yield change;
  }

  /** What the hub would make of an act. */
  async function perform(actor: Actor, id: string, act: AlarmAct): Promise<AlarmRecord> {
    const found = openAlarms().find((each) => each.id === id);
    if (found === undefined) throw new PortcullisError({ code: "api.not-found", place: "/", detail: id });
    if (act.kind === "shelve") throw new PortcullisError({ code: "alarm.protected", place: "/", detail: id });
    acted.push({ actor, id, act });
    const next: AlarmRecord =
      act.kind === "acknowledge"
        ? { ...found, state: "acknowledged", acknowledged: true, acknowledgedBy: actor.user }
        : { ...found, state: "closed", active: false, closedAt: "2026-06-01T12:10:00.000Z" };
    happen(next);
    return next;
  }

  async function connect(security: { mode: MessageSecurityMode; policy: SecurityPolicy }, pki = "client") {
    const made = OPCUAClient.create({
      securityMode: security.mode,
      securityPolicy: security.policy,
      endpointMustExist: false,
      connectionStrategy: { maxRetry: 0 },
      clientCertificateManager: new OPCUACertificateManager({
        rootFolder: join(folder, pki),
        automaticallyAcceptUnknownCertificate: true,
      }),
    });
    await made.connect(`opc.tcp://127.0.0.1:${outlet.port()}`);
    return made;
  }
  const secured = { mode: MessageSecurityMode.SignAndEncrypt, policy: SecurityPolicy.Basic256Sha256 };
  const login = { type: UserTokenType.UserName, userName: "wang", password: "right" } as const;

  beforeAll(async () => {
    feed = createFeed({ open: openAlarms, past: nothing });
    outlet = startOpcuaOutlet({
      settings: { host: "127.0.0.1", port: 0, pkiDir: join(folder, "server"), maxShelveMs: 3_600_000 },
      feed,
      acts: { perform },
      sources: () => [
        { source: "port/gate/zone:north", site: "port", edge: "gate", id: "north", title: "North fence" },
      ],
      login: async (user, password) => user === "wang" && password === "right",
      roleOf: async (user) => (user === "wang" ? "operator" : undefined),
      trouble: (detail) => void troubles.push(detail),
    });
    await vi.waitFor(() => expect(outlet.port()).not.toBeNull(), waiting);
  }, 60_000);
  afterAll(async () => {
    await subscription?.terminate();
    await session?.close();
    await client?.disconnect();
    await outlet.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("S-15: has no endpoint without security", async () => {
    const open = { mode: MessageSecurityMode.None, policy: SecurityPolicy.None };
    const plain = await connect(open, "plain");
    await expect(plain.createSession(login)).rejects.toThrow();
    await plain.disconnect();
  }, 30_000);

  it("S-15: refuses a client whose certificate nobody has trusted, and keeps it for a person to look at", async () => {
    await expect(connect(secured)).rejects.toThrow();
    const rejected = join(folder, "server", "rejected");
    expect(readdirSync(rejected).length).toBeGreaterThan(0);
    const trusted = join(folder, "server", "trusted", "certs");
    mkdirSync(trusted, { recursive: true });
    for (const file of readdirSync(rejected)) renameSync(join(rejected, file), join(trusted, file));
  }, 30_000);

  it("S-15: refuses anonymous sessions and wrong passwords", async () => {
    await vi.waitFor(
      async () => {
        client = await connect(secured);
      },
      { timeout: 30_000, interval: 500 },
    );
    await expect(client.createSession()).rejects.toThrow();
    await expect(client.createSession({ ...login, password: "wrong" })).rejects.toThrow();
    session = await client.createSession(login);
  }, 60_000);

  it("tells an alarm as a condition of its zone, with severity by priority", async () => {
    subscription = await session.createSubscription2({ requestedPublishingInterval: 50, publishingEnabled: true });
    const fields = [
      "EventId",
      "EventType",
      "Message",
      "Severity",
      "ActiveState.Id",
      "AckedState.Id",
      "ConfirmedState.Id",
      "Retain",
      "ConditionName",
    ];
    const item = await subscription.monitor(
      { nodeId: ObjectIds.Server.toString().replace(/^/, "i="), attributeId: AttributeIds.EventNotifier },
      { samplingInterval: 0, queueSize: 1000, discardOldest: true, filter: constructEventFilter(fields) },
      TimestampsToReturn.Both,
    );
    item.on("changed", (values: unknown) => {
      const [eventId, eventType, message, severity, active, acked, confirmed, retain, conditionName] =
        values as Variant[];
      told.push({
        eventId: eventId?.value,
        eventType: String(eventType?.value),
        message: message?.value?.text ?? "",
        severity: severity?.value,
        active: active?.value ?? null,
        acked: acked?.value ?? null,
        confirmed: confirmed?.value ?? null,
        retain: retain?.value ?? null,
        conditionName: conditionName?.value ?? null,
      });
    });
    happen(alarm("1"));
    await vi.waitFor(() => expect(told.at(-1)).toMatchObject({ conditionName: "zone:north" }), waiting);
    expect(told.at(-1)).toMatchObject({ severity: 900, active: true, acked: false, retain: true });
    expect(told.at(-1)?.message).toBe("北围栏：剪切 / North fence: Fence cut 1");
  }, 60_000);

  async function call(methodId: string, inputs: Variant[], objectId = north) {
    const { statusCode } = await session.call({ objectId, methodId, inputArguments: inputs });
    return statusCode;
  }
  const answer = (eventId: Buffer | undefined, remark: string) => [
    new Variant({ dataType: DataType.ByteString, value: eventId ?? Buffer.alloc(0) }),
    new Variant({ dataType: DataType.LocalizedText, value: new LocalizedText({ text: remark }) }),
  ];

  it("gives all that is retained in a refresh, between its two marks", async () => {
    const from = told.length;
    const inputs = [new Variant({ dataType: DataType.UInt32, value: subscription.subscriptionId })];
    expect(await call("i=3875", inputs, "i=2782")).toEqual(StatusCodes.Good);
    await vi.waitFor(
      () => expect(told.slice(from).map(({ eventType }) => eventType)).toContain("ns=0;i=2788"),
      waiting,
    );
    const refreshed = told
      .slice(from)
      .filter(({ eventType }) => eventType !== "ns=0;i=2787" && eventType !== "ns=0;i=2788");
    expect(refreshed).toMatchObject([{ conditionName: "zone:north", retain: true }]);
  }, 30_000);

  it("refuses to acknowledge an event that is no longer the present one", async () => {
    expect(await call(acknowledgeMethod, answer(Buffer.from("0123456789abcdef"), ""))).toEqual(
      StatusCodes.BadEventIdUnknown,
    );
    expect(acted).toEqual([]);
  });

  it("acknowledges the present one in the person's name, and shows it", async () => {
    const present = newest()?.eventId;
    expect(await call(acknowledgeMethod, answer(present, "seen 已见"))).toEqual(StatusCodes.Good);
    const actor = { user: "wang", role: "operator", outlet: "opcua", note: "seen 已见" };
    expect(acted).toEqual([{ actor, id: "1", act: { kind: "acknowledge" } }]);
    await vi.waitFor(() => expect(newest()).toMatchObject({ acked: true, confirmed: false, retain: true }), waiting);
    expect(await call(acknowledgeMethod, answer(newest()?.eventId, ""))).toEqual(
      StatusCodes.BadConditionBranchAlreadyAcked,
    );
  }, 30_000);

  it("lets nobody shelve what is protected, nor for longer than the hub allows, nor switch a condition off", async () => {
    const shelving = `${north.replace(":alarm", ":alarm")}`;
    const browse = await session.browse({
      nodeId: shelving,
      referenceTypeId: "i=47",
      browseDirection: 0,
      includeSubtypes: true,
      resultMask: 63,
    });
    const state =
      browse.references?.find(({ browseName }) => browseName.name === "ShelvingState")?.nodeId.toString() ?? "";
    const span = (ms: number) => [new Variant({ dataType: DataType.Double, value: ms })];
    expect(await call("i=2949", span(60_000), state)).toEqual(StatusCodes.BadInvalidState);
    expect(await call("i=2949", span(7_200_000), state)).toEqual(StatusCodes.BadShelvingTimeOutOfRange);
    expect(await call("i=2947", [], state)).toEqual(StatusCodes.BadConditionNotShelved);
    expect(await call("i=9028", [])).toEqual(StatusCodes.BadNotSupported);
  }, 30_000);

  it("releases a latched alarm by Confirm, which ends it everywhere", async () => {
    expect(await call(confirmMethod, answer(newest()?.eventId, ""))).toEqual(StatusCodes.Good);
    expect(acted.at(-1)).toMatchObject({ id: "1", act: { kind: "reset" } });
    await vi.waitFor(() => expect(newest()).toMatchObject({ active: false, confirmed: true, retain: false }), waiting);
  }, 30_000);

  it("tells a storm in order and leaves nothing out", async () => {
    const from = told.length;
    const ids = Array.from({ length: 100 }, (_, index) => `${100 + index}`);
    for (const id of ids) happen(alarm(id, { severity: 500 }));
    await vi.waitFor(() => expect(told.length - from).toBe(100), waiting);
    expect(told.slice(from).map(({ message }) => message.split(" ").at(-1))).toEqual(ids);
  }, 30_000);
});
