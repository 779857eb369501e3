// The contract of the Driver port as tests: every protocol passes the same suite with a real peer behind its harness.
import { afterEach, describe, expect, it, type TestContext, vi } from "vitest";
import { monoNow } from "../../edge/machine/clock.js";
import type { Driver, DriverEvents } from "../../edge/model/driver.js";
import type { PointValue, Sample, WriteResult } from "../../edge/model/point.js";

/** Makes fresh rigs of one protocol. */
export interface DriverHarness {
  readonly name: string;
  /** The device is there and answers, the driver is not open yet. */
  make(): Promise<DriverRig>;
  /** False when the line cannot be cut from here: the report says why. */
  readonly hasLine: boolean;
  /** True when losing the device is also losing the link of the driver, which then says so. */
  readonly linkFollowsDevice: boolean;
  /** Why a behaviour cannot be tried on this driver; stands in the matrix of the test report. */
  readonly notApplicable?: Partial<Record<keyof typeof cannot, string>>;
}

/** What a driver or its device may lack, and how the report says so where the harness does not. */
const cannot = {
  line: "its line cannot be cut from here",
  link: "losing a device is not losing the driver's link",
  freeze: "a device that is connected and silent cannot be told from a quiet one",
  rubbish: "nothing on this wire can be malformed",
  output: "it has no output",
  keep: "what an output does without a host is not the driver's to say",
} as const;

/** One driver with one device behind it, and what a test may do to the device. */
export interface DriverRig {
  readonly driver: Driver;
  /** Every input point of the driver's config. */
  readonly inputs: readonly string[];
  /** The input that `setInput` moves, the two values that it can take; the first one holds at the start. */
  readonly input: string;
  readonly states: readonly [PointValue, PointValue];
  /** An output and two orders for it; null when the driver has none. */
  readonly output: { readonly point: string; readonly orders: readonly [PointOrder, PointOrder] } | null;
  setInput(value: PointValue): Promise<void>;
  /** What the device holds on the output, after an order has reached it. */
  outputAtDevice(): PointOrder | null | Promise<PointOrder | null>;
  /** The connection is cut; the device itself lives on. */
  breakLine(): Promise<void>;
  /** The device answers on the connection but its values no longer move; absent when the protocol cannot tell. */
  freeze?(): Promise<void>;
  /** The connection or the device comes back. */
  resume(): Promise<void>;
  /** Something on `input` or its wire that no honest device says; absent when nothing can be malformed. */
  sendRubbish?(): Promise<void>;
  /** Ends device and helpers; called once, after the driver was closed. */
  dispose(): Promise<void>;
}
export type PointOrder = boolean | number | string;

/** Everything that a driver told, in order. */
export interface Heard {
  readonly events: DriverEvents;
  readonly samples: Sample[];
  readonly results: WriteResult[];
  readonly links: { readonly up: boolean; readonly reason: string; readonly samplesBefore: number }[];
  readonly troubles: { readonly code: string; readonly detail: string }[];
}

export function listen(): Heard {
  const heard: Omit<Heard, "events"> = { samples: [], results: [], links: [], troubles: [] };
  const events: DriverEvents = {
    sample: (sample) => void heard.samples.push(sample),
    result: (result) => void heard.results.push(result),
    link: (up, reason) => void heard.links.push({ up, reason, samplesBefore: heard.samples.length }),
    trouble: (code, detail) => void heard.troubles.push({ code, detail }),
  };
  return { ...heard, events };
}

const waiting = { timeout: 10_000, interval: 5 };
/** A write to a dead peer must have failed by then. */
const writeLimitMs = 5_000;
const closeLimitMs = 2_000;

/** Newest sample of a point among those from index `from` on. */
function newest(heard: Heard, point: string, from = 0): Sample | undefined {
  return heard.samples.slice(from).findLast((sample) => sample.point === point);
}

async function untilQuality(
  heard: Heard,
  points: readonly string[],
  quality: Sample["quality"],
  from = 0,
): Promise<void> {
  await vi.waitFor(() => {
    for (const point of points) expect(newest(heard, point, from)?.quality, point).toBe(quality);
  }, waiting);
}

export function driverContract(harness: DriverHarness): void {
  // The matrix of the test report finds a driver's row by this name.
  describe(`the contract of the ${harness.name} driver`, () => {
    const leaveOut = (context: TestContext, what: keyof typeof cannot): never =>
      context.skip(harness.notApplicable?.[what] ?? cannot[what]);
    const cleanups: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    });

    async function rigged(): Promise<{ rig: DriverRig; heard: Heard }> {
      const made = await harness.make();
      let disposing: Promise<void> | null = null;
      const dispose = () => {
        disposing ??= made.dispose();
        return disposing;
      };
      const rig = { ...made, dispose };
      cleanups.push(
        () => rig.dispose(),
        () => rig.driver.close(),
      );
      return { rig, heard: listen() };
    }

    async function opened(): Promise<{ rig: DriverRig; heard: Heard }> {
      const { rig, heard } = await rigged();
      await rig.driver.open(heard.events);
      await untilQuality(heard, rig.inputs, "good");
      return { rig, heard };
    }

    it("reports every input after opening, good and with the value that the device has", async () => {
      const { rig, heard } = await opened();
      expect(newest(heard, rig.input)?.value).toEqual(rig.states[0]);
      expect(heard.links.at(-1)?.up).toBe(true);
      expect(rig.driver.health().connected).toBe(true);
    });

    it("reports a change once it happens, stamped on the box's monotonic clock", async () => {
      const { rig, heard } = await opened();
      const before = monoNow();
      const from = heard.samples.length;
      await rig.setInput(rig.states[1]);
      await vi.waitFor(() => expect(newest(heard, rig.input, from)?.value).toEqual(rig.states[1]), waiting);
      const sample = newest(heard, rig.input, from);
      expect(sample?.quality).toBe("good");
      expect(sample?.occurredAt).toBeGreaterThan(before - 1_000);
      expect(sample?.occurredAt).toBeLessThanOrEqual(monoNow());
    });

    it("confirms a write only when the device has it, with exactly one result per request", async (context) => {
      const { rig, heard } = await opened();
      const output = rig.output;
      if (output === null) return leaveOut(context, "output");
      for (const [index, value] of output.orders.entries()) {
        rig.driver.write({ id: `w${index}`, point: output.point, value });
        await vi.waitFor(() => expect(heard.results.length).toBe(index + 1), waiting);
        expect(heard.results[index]).toMatchObject({ id: `w${index}`, point: output.point, ok: true });
        expect(await rig.outputAtDevice()).toEqual(value);
      }
    });

    it("answers each of many writes at once exactly once", async (context) => {
      const { rig, heard } = await opened();
      const output = rig.output;
      if (output === null) return leaveOut(context, "output");
      const ids = Array.from({ length: 10 }, (_, index) => `m${index}`);
      for (const [index, id] of ids.entries()) {
        rig.driver.write({ id, point: output.point, value: output.orders[index % 2 === 0 ? 0 : 1] });
      }
      const answered = () => heard.results.map(({ id }) => id).toSorted();
      await vi.waitFor(() => expect(answered()).toHaveLength(ids.length), waiting);
      expect(answered()).toEqual(ids);
      // An order may be overtaken by the next one; the last stands.
      expect(heard.results.find(({ id }) => id === "m9")).toMatchObject({ ok: true });
      expect(await rig.outputAtDevice()).toEqual(output.orders[1]);
    });

    it("leaves its outputs as they are when it closes", async (context) => {
      const { rig, heard } = await opened();
      const output = rig.output;
      if (output === null) return leaveOut(context, "output");
      if (harness.notApplicable?.keep !== undefined) return leaveOut(context, "keep");
      rig.driver.write({ id: "kept", point: output.point, value: output.orders[0] });
      await vi.waitFor(() => expect(heard.results).toMatchObject([{ id: "kept", ok: true }]), waiting);
      await rig.driver.close();
      expect(await rig.outputAtDevice()).toEqual(output.orders[0]);
    });

    it("never stamps a sample before the last one of its point", async () => {
      const { rig, heard } = await opened();
      for (const value of [rig.states[1], rig.states[0], rig.states[1]]) {
        const from = heard.samples.length;
        await rig.setInput(value);
        await vi.waitFor(() => expect(newest(heard, rig.input, from)?.value).toEqual(value), waiting);
      }
      const stamps = heard.samples.filter(({ point }) => point === rig.input).map(({ occurredAt }) => occurredAt);
      expect(stamps).toEqual(stamps.toSorted((one, other) => one - other));
    });

    it("refuses a write to a point that it does not have", async () => {
      const { rig, heard } = await opened();
      rig.driver.write({ id: "stray", point: "no-such-point", value: true });
      await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
      expect(heard.results[0]).toMatchObject({ id: "stray", ok: false });
    });

    it("closes within two seconds and is silent afterwards", async () => {
      const { rig, heard } = await opened();
      const before = monoNow();
      await rig.driver.close();
      expect(monoNow() - before).toBeLessThan(closeLimitMs);
      const told = heard.samples.length;
      await rig.setInput(rig.states[1]);
      // By the end of the device its last word has gone over the wire.
      await rig.dispose();
      expect(heard.samples.length).toBe(told);
    });

    it("reports every input lost when the line is cut", async (context) => {
      if (!harness.hasLine) return leaveOut(context, "line");
      const { rig, heard } = await opened();
      await rig.breakLine();
      await untilQuality(heard, rig.inputs, "lost");
    });

    it("says that the link is down only after every input is lost", async (context) => {
      if (!harness.hasLine) return leaveOut(context, "line");
      if (!harness.linkFollowsDevice) return leaveOut(context, "link");
      const { rig, heard } = await opened();
      await rig.breakLine();
      await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(false), waiting);
      const samplesBefore = heard.links.at(-1)?.samplesBefore ?? 0;
      for (const point of rig.inputs) {
        expect(heard.samples.slice(0, samplesBefore).findLast((sample) => sample.point === point)?.quality).toBe(
          "lost",
        );
      }
      expect(rig.driver.health().connected).toBe(false);
    });

    it("reports every input afresh after the line is back, with what changed meanwhile", async (context) => {
      if (!harness.hasLine) return leaveOut(context, "line");
      const { rig, heard } = await opened();
      await rig.breakLine();
      await untilQuality(heard, rig.inputs, "lost");
      const from = heard.samples.length;
      await rig.resume();
      await rig.setInput(rig.states[1]);
      await untilQuality(heard, rig.inputs, "good", from);
      await vi.waitFor(() => expect(newest(heard, rig.input, from)?.value).toEqual(rig.states[1]), waiting);
    });

    it("opens without its device, and finds it when it comes", async (context) => {
      if (!harness.hasLine) return leaveOut(context, "line");
      const { rig, heard } = await rigged();
      await rig.breakLine();
      await rig.driver.open(heard.events);
      expect(heard.samples.some((sample) => sample.quality === "good")).toBe(false);
      await rig.resume();
      await untilQuality(heard, rig.inputs, "good");
    });

    it("counts a link that was lost and found again, and knows the age of its data", async (context) => {
      if (!harness.hasLine) return leaveOut(context, "line");
      if (!harness.linkFollowsDevice) return leaveOut(context, "link");
      const { rig, heard } = await opened();
      const { reconnects } = rig.driver.health();
      await rig.breakLine();
      await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(false), waiting);
      await rig.resume();
      await vi.waitFor(() => expect(heard.links.at(-1)?.up).toBe(true), waiting);
      expect(rig.driver.health()).toMatchObject({ connected: true, reconnects: reconnects + 1 });
      expect(rig.driver.health().dataAgeMs).toBeLessThan(waiting.timeout);
    });

    it("lets a write to a dead peer fail within its limit", async (context) => {
      if (!harness.hasLine) return leaveOut(context, "line");
      const { rig, heard } = await opened();
      const output = rig.output;
      if (output === null) return leaveOut(context, "output");
      await rig.breakLine();
      const before = monoNow();
      rig.driver.write({ id: "dead", point: output.point, value: output.orders[0] });
      await vi.waitFor(() => expect(heard.results).toHaveLength(1), waiting);
      expect(heard.results[0]).toMatchObject({ id: "dead", ok: false });
      expect(monoNow() - before).toBeLessThan(writeLimitMs);
    });

    it("calls a device lost that is connected but no longer alive, and good again when it returns", async (context) => {
      const { rig, heard } = await opened();
      if (rig.freeze === undefined) return leaveOut(context, "freeze");
      await rig.freeze();
      await untilQuality(heard, rig.inputs, "lost");
      const from = heard.samples.length;
      await rig.resume();
      await untilQuality(heard, rig.inputs, "good", from);
    });

    it("names rubbish by a code and goes on", async (context) => {
      const { rig, heard } = await opened();
      if (rig.sendRubbish === undefined) return leaveOut(context, "rubbish");
      await rig.sendRubbish();
      await vi.waitFor(() => expect(heard.troubles.length).toBeGreaterThan(0), waiting);
      expect(heard.troubles[0]?.code).toMatch(/^field\./);
      const from = heard.samples.length;
      await rig.setInput(rig.states[1]);
      await vi.waitFor(
        () => expect(newest(heard, rig.input, from)).toMatchObject({ value: rig.states[1], quality: "good" }),
        waiting,
      );
    });
  });
}
