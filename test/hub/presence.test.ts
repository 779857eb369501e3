// When a box counts as silent: after its grace, once, and not because the hub's own link was away.
import { describe, expect, it } from "vitest";
import { createPresence, silentAfterMs as graceMs, unseenAfterMs } from "../../hub/intake/presence.js";

const here = { online: true, session: "n" };
const away = { online: false, session: "" };
const box = { site: "compound", edge: "gatehouse" };

function watch() {
  let silent = false;
  let isFull = false;
  const presence = createPresence(() => silent);
  const types = (facts: readonly { type: string }[]) => {
    for (const { type } of facts) if (!isFull) silent = type === "edge.silent";
    return facts.map(({ type }) => type);
  };
  return {
    presence,
    disk: (full: boolean) => {
      isFull = full;
    },
    status: (status: typeof here, now: number) => types(presence.status(box.site, box.edge, status, now)),
    overdue: (now: number) => types(presence.overdue(now)),
  };
}

describe("the presence of a box", () => {
  it("is missed after its grace, once, and the alarm returns with it", () => {
    const { status, overdue } = watch();
    expect(status(here, 0)).toEqual([]);
    expect(status(away, 1000)).toEqual([]);
    expect(overdue(1000 + graceMs - 1)).toEqual([]);
    expect(overdue(1000 + graceMs)).toEqual(["edge.silent"]);
    expect(overdue(1000 + 2 * graceMs)).toEqual([]);
    expect(status(here, 99_000)).toEqual(["edge.restored"]);
    expect(status(here, 99_001)).toEqual([]);
  });

  it("is not missed when it comes back within its grace", () => {
    const { status, overdue } = watch();
    status(away, 0);
    status(here, graceMs - 1);
    expect(overdue(graceMs * 5)).toEqual([]);
  });

  it("is missed when a box that the hub knows does not show up after the hub's start", () => {
    const { presence, overdue } = watch();
    presence.linked([box], 500);
    expect(overdue(500 + unseenAfterMs - 1)).toEqual([]);
    expect(overdue(500 + unseenAfterMs)).toEqual(["edge.silent"]);
  });

  it("is not judged while the hub itself has no link", () => {
    const { presence, status, overdue } = watch();
    status(away, 0);
    presence.unlinked();
    expect(overdue(graceMs)).toEqual([]);
    expect(presence.session(box.site, box.edge)).toBeNull();
  });

  it("raises no second alarm over a restart of the hub", () => {
    const { presence, overdue } = watch();
    presence.linked([box], 0);
    expect(overdue(unseenAfterMs)).toEqual(["edge.silent"]);
    presence.unlinked();
    presence.linked([box], 50_000);
    expect(overdue(50_000 + unseenAfterMs)).toEqual([]);
  });

  it("is missed, and is there again, once that can be recorded", () => {
    const { status, overdue, disk } = watch();
    status(away, 0);
    disk(true);
    expect(overdue(graceMs)).toEqual(["edge.silent"]);
    expect(overdue(2 * graceMs - 1)).toEqual([]);
    disk(false);
    expect(overdue(2 * graceMs)).toEqual(["edge.silent"]);
    disk(true);
    expect(status(here, 50_000)).toEqual(["edge.restored"]);
    disk(false);
    expect(overdue(50_000 + graceMs)).toEqual(["edge.restored"]);
    expect(overdue(99_000)).toEqual([]);
  });

  it("gives the nonce of a box that is there", () => {
    const { presence, status } = watch();
    status(here, 0);
    expect(presence.session(box.site, box.edge)).toBe("n");
    status(away, 1);
    expect(presence.session(box.site, box.edge)).toBeNull();
  });
});
