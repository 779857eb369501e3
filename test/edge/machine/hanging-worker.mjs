// A worker that opens, says one value, and then hangs for ever.
import { parentPort } from "node:worker_threads";

const sample = { point: "door", value: true, quality: "good", occurredAt: 1 };
parentPort.postMessage({ kind: "opened" });
parentPort.postMessage({ kind: "sample", sample });
Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
