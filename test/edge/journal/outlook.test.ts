// For how many hours the disk will do while the hub takes nothing.
import { describe, expect, it } from "vitest";
import { createOutlook, type Room } from "../../../edge/journal/outlook.js";

const mib = 1024 * 1024;
const hourMs = 3_600_000;

describe("the outlook", () => {
  const room: Room = {
    quotaBytes: 108 * mib,
    reserveBytes: 4 * mib,
    freeBytes: 1024 * mib,
    usedBytes: 4 * mib,
    waiting: 0,
  };

  function outlookAfter(hours: number, mibWritten: number, change: Partial<Room> = {}) {
    const outlook = createOutlook();
    outlook({ at: 0, bytes: 0, records: 0 }, room);
    return outlook({ at: hours * hourMs, bytes: mibWritten * mib, records: mibWritten * 1024 }, { ...room, ...change });
  }

  it.each<[string, Partial<Room>, readonly [alarm: number, state: number, telemetry: number]]>([
    ["telemetry goes first, alarms have the reserve besides", {}, [108, 100, 96]],
    ["what waits is in the way", { waiting: 20 * 1024 }, [88, 80, 76]],
    ["a small disk counts more than the quota", { freeBytes: 50 * mib }, [54, 46, 42]],
    ["what the hub has may go", { freeBytes: 0, usedBytes: 54 * mib }, [54, 46, 42]],
    ["no room", { freeBytes: 0 }, [4, 0, 0]],
  ])("at 1 MiB an hour: %s", (_what, change, [alarm, state, telemetry]) => {
    expect(outlookAfter(1, 1, change)).toEqual({ alarm, state, telemetry });
  });

  it("has no end while nothing is written, or too little time has passed to tell", () => {
    expect(outlookAfter(0.1, 50)).toMatchObject({ telemetry: Number.POSITIVE_INFINITY });
    expect(outlookAfter(1, 0)).toMatchObject({ telemetry: Number.POSITIVE_INFINITY });
  });
});
