// A small simulated site for tests, and its control interface.
import type { Simulators } from "../../simulators/start.js";

export const host = "127.0.0.1";

export function siteOf(brokerPort: number, controllers: readonly object[] = []) {
  return {
    control: { host, port: 0 },
    bollardControllers: controllers,
    boards: [
      {
        id: "io",
        endpoint: { host, port: 0 },
        loops: [{ id: "door", pin: 0, pullUpOhms: 4_700, endOhms: 4_700, alarmOhms: 4_700 }],
        buttons: [
          { id: "panic", pin: 2, kind: "panic" },
          { id: "leak", pin: 3, kind: "contact" },
        ],
        bolts: [{ pin: 4, relay: "siren" }],
        relays: [
          { id: "siren", pin: 8 },
          { id: "strobe", pin: 9 },
        ],
      },
    ],
    field: {
      broker: { host, port: brokerPort },
      fibres: [{ device: "fibre-1", level: "f/level", status: "f/status", alive: "f/alive", rateHz: 333, blockMs: 50 }],
      beams: [{ device: "beam-1", state: "b/state", alive: "b/alive" }],
    },
  };
}

export async function post(
  simulators: Simulators,
  path: string,
  body: unknown,
): Promise<{ status: number; body: unknown }> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(simulators.url + path, { method: "POST", body: text });
  return { status: response.status, body: await response.json() };
}

export const trigger = (simulators: Simulators, name: string) => post(simulators, "/trigger", { name });

export async function get(simulators: Simulators, path: string): Promise<unknown> {
  return (await fetch(simulators.url + path)).json();
}

export async function changes(simulators: Simulators, device: string): Promise<readonly string[]> {
  const events = (await get(simulators, "/events?since=0")) as { device: string; what: string; value: unknown }[];
  return events.filter((event) => event.device === device).map(({ what, value }) => `${what}=${value}`);
}
