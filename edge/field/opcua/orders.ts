// Carries an order out, by a write or by a method call, and believes it only when the server shows it.
import type { DataType, Variant } from "node-opcua";
import type { PendingWrites } from "../../machine/pending-writes.js";
import type { ErrorCode } from "../../model/error.js";
import type { WriteRequest } from "../../model/point.js";
import type { OpcuaDriverConfig, OpcuaMethod, OpcuaPointConfig } from "../../model/wiring.js";
import type { Connection } from "./connection.js";
import type { Reporter } from "./reporter.js";
import { guessedType, type Order, orderVariant, shows, variantOf } from "./values.js";
import { type Machine, messageOf, orderWithinMs, pause } from "./waiting.js";

const readBackEveryMs = 50;

export interface OrderPort {
  readonly config: OpcuaDriverConfig;
  readonly reporter: Reporter;
  readonly writes: PendingWrites;
  readonly machine: Machine;
  readonly connection: Connection | null;
}

/** Writes or calls, then reads back until the server shows it; the pending write's own limit ends the reading. */
export async function carryOut(request: WriteRequest, port: OrderPort): Promise<void> {
  const { writes, connection, reporter } = port;
  const point = port.config.points.find(({ id, direction }) => id === request.point && direction === "out");
  if (!writes.add(request, point?.confirmWithinMs ?? orderWithinMs)) return;
  const fail = (reason: ErrorCode) => writes.fail(request.id, reason);
  if (point === undefined) return fail("field.write-refused");
  if (connection === null) return fail("field.unreachable");
  const method = methodFor(point, request.value);
  try {
    const refusal =
      method === undefined
        ? await write(connection, point, request.value)
        : await call(connection, method, request.value);
    if (refusal !== null) {
      reporter.trouble("field.write-refused", refusal);
      return fail("field.write-refused");
    }
    const wanted = method?.confirm ?? request.value;
    while (writes.waitingFor(point.id).includes(request)) {
      if (shows(await connection.read(point.node), wanted)) return writes.confirm(request.id);
      await pause(readBackEveryMs, port.machine);
    }
  } catch (error) {
    reporter.trouble("field.unreachable", `node ${point.node}: ${messageOf(error)}`);
    fail("field.unreachable");
  }
}

function methodFor({ method, methods = [] }: OpcuaPointConfig, order: Order): OpcuaMethod | undefined {
  return methods.find((each) => each.order === order) ?? method;
}

/** Null when the server took it, else what it said. */
async function write(connection: Connection, point: OpcuaPointConfig, order: Order): Promise<string | null> {
  const value = orderVariant(point, order, connection.typeOf(point.node));
  // With methods a word that none of them has is no value for the node that confirms them.
  if (value === null || point.methods !== undefined) return `node ${point.node}: no order ${String(order)}`;
  const status = await connection.write(point.node, value);
  return status.isGood() ? null : `node ${point.node}: ${status.name}`;
}

async function call(connection: Connection, { object, method, args = [] }: OpcuaMethod, order: Order) {
  const given = args.map((each) => (each === "$order" ? order : each));
  const types = connection.argumentTypes(method);
  const variants = given.map((each, index) => argument(each, types?.[index]));
  if (!variants.every((each) => each !== null)) return `method ${method}: the arguments do not fit`;
  const { statusCode, inputArgumentResults } = await connection.call(object, method, variants);
  if (statusCode.isGood()) return null;
  const arguable = inputArgumentResults?.find((status) => !status.isGood());
  return `method ${method}: ${statusCode.name}${arguable === undefined ? "" : ` (${arguable.name})`}`;
}

function argument(value: Order, type: DataType | undefined): Variant | null {
  return variantOf(value, type ?? guessedType(value));
}
