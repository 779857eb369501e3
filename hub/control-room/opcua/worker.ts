// The thread of the hub's OPC UA server; the only one of the hub that loads node-opcua, whose assertions may end it.
import { parentPort, workerData } from "node:worker_threads";
import type { FromServer, OpcuaServerSettings, ToServer, Verdict } from "./messages.js";
import type { Question } from "./methods.js";
import { startServer } from "./server.js";

const port = parentPort;
if (port === null) throw new Error("this file is a worker");
const tell = (message: FromServer) => port.postMessage(message);

const waiting = new Map<number, (verdict: Verdict) => void>();
let asked = 0;

/** Asks the hub; it answers every question. */
function ask(question: Question): Promise<Verdict> {
  asked += 1;
  const id = asked;
  return new Promise((resolve) => {
    waiting.set(id, resolve);
    tell({ ...question, id });
  });
}

try {
  const server = await startServer(workerData as OpcuaServerSettings, ask);
  port.on("message", (message: ToServer) => {
    if (message.kind === "sources") server.name(message.sources);
    else if (message.kind === "show") for (const picture of message.pictures) server.show(picture);
    else if (message.kind === "spare") server.spare(message.count);
    else if (message.kind === "forget") server.forget(message.source);
    else if (message.kind === "answer") {
      waiting.get(message.id)?.(message.verdict);
      waiting.delete(message.id);
    } else void server.close().finally(() => port.close());
  });
  tell({ kind: "listening", port: server.port });
} catch (error) {
  tell({ kind: "failed", detail: error instanceof Error ? error.message : String(error) });
  port.close();
}
