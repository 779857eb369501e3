// Points and status as the box tells them; the browser comes back by itself when the line was cut.
import type { PointNow, PointsReply } from "../questions/points.js";
import type { BoxStatus } from "../status.js";

/** Samples kept of each point on the page. */
const samplesMax = 256;
/** The box speaks each second. */
const silentMsMax = 5_000;

export type KnownPoint = PointNow & {
  /** By the page's own clock, so that an age can be shown between two words of the box. */
  readonly heardAt: number;
};

export interface Feed {
  points(): ReadonlyMap<string, KnownPoint>;
  status(): BoxStatus | null;
  isLive(): boolean;
  close(): void;
}

/** `refused`: the box does not let the reader in any more. */
export function openFeed(changed: () => void, refused: () => void): Feed {
  const points = new Map<string, KnownPoint>();
  let status: BoxStatus | null = null;
  let spokeAt = Number.NEGATIVE_INFINITY;
  const source = new EventSource("/api/v1/live");

  function heard(): void {
    spokeAt = performance.now();
    changed();
  }

  source.addEventListener("points", ({ data }: MessageEvent<string>) => {
    const reply = JSON.parse(data) as PointsReply;
    for (const point of reply.points) points.set(point.point, joined(points.get(point.point), point));
    heard();
  });
  source.addEventListener("status", ({ data }: MessageEvent<string>) => {
    status = JSON.parse(data) as BoxStatus;
    heard();
  });
  source.addEventListener("error", () => {
    changed();
    if (source.readyState === EventSource.CLOSED) refused();
  });
  return {
    points: () => points,
    status: () => status,
    isLive: () => performance.now() - spokeAt < silentMsMax,
    close: () => source.close(),
  };
}

/** The first word of a new line repeats samples that are known. */
function joined(known: KnownPoint | undefined, point: PointNow): KnownPoint {
  const lastHeard = known?.samples.at(-1)?.heardAt ?? Number.NEGATIVE_INFINITY;
  const isNewRun = (point.samples.at(-1)?.heardAt ?? lastHeard) < lastHeard;
  const fresh = isNewRun ? point.samples : point.samples.filter(({ heardAt }) => heardAt > lastHeard);
  const samples = [...(isNewRun ? [] : (known?.samples ?? [])), ...fresh].slice(-samplesMax);
  return { ...point, samples, heardAt: performance.now() - (point.ageMs ?? 0) };
}
