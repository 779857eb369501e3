// The incident that the address names (`#incident/ID`): read with its records, and again when the stream brings news of it.
import type { IncidentView } from "../views.js";
import { call, Refusal } from "./api.js";

const prefix = "#incident/";
const readAgainMs = 400;
const retryMs = 3_000;

export interface Detail {
  /** The incident, a text that stands for it, or null when the address names none. */
  shown(): IncidentView | "loading" | "incidentMissing" | null;
  read(): void;
  /** Something about this incident has changed. */
  heard(incident: string): void;
}

function idInAddress(): string | null {
  return location.hash.startsWith(prefix) ? decodeURIComponent(location.hash.slice(prefix.length)) : null;
}

export function openDetail(changed: () => void): Detail {
  let found: IncidentView | null = null;
  let missing: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function readAfter(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(read, ms);
  }

  async function readNow(id: string): Promise<void> {
    const incident = await call<IncidentView>("GET", `incidents/${encodeURIComponent(id)}`);
    if (idInAddress() === id) found = incident;
    changed();
  }

  function read(): void {
    const id = idInAddress();
    if (id === null) return;
    readNow(id).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 404) missing = id;
      else if (error.status !== 401) readAfter(retryMs);
      changed();
    });
  }

  return {
    shown() {
      const id = idInAddress();
      if (id === null) return null;
      if (found?.id === id) return found;
      return missing === id ? "incidentMissing" : "loading";
    },
    read,
    heard(incident) {
      if (incident === idInAddress()) readAfter(readAgainMs);
    },
  };
}
