// Responses reach their end: fallbacks that lead somewhere, notifications by two ways, postures that close what they must.
import { type ChannelConfig, type PostureLevel, postureLevels, type ResponseConfig } from "../../edge/model/plan.js";
import type { EdgeConfig } from "../../edge/model/site.js";
import { unknownId } from "../references.js";
import { type Finding, type Path, unsafe, unwise } from "../trouble.js";

/** Fallback steps that are not there, or that come back to where they began. */
export function fallbackFindings(edge: EdgeConfig): Finding[] {
  return edge.responses.flatMap((response, r) =>
    response.steps.flatMap((step, s) => {
      if (step.fallback === undefined || !("step" in step.fallback)) return [];
      const path = ["responses", r, "steps", s, "fallback", "step"];
      const next = step.fallback.step;
      const known = response.steps.map(({ id }) => id);
      if (!known.includes(next)) return [elsewhere(edge, path, next) ?? unknownId(path, next, stepText, known)];
      return comesBack(response, step.id) ? [endless(path, step.id, next)] : [];
    }),
  );
}

const stepText = { zh: "步骤", en: "step of this response" };

function elsewhere(edge: EdgeConfig, path: Path, id: string): Finding | null {
  const other = edge.responses.find(({ steps }) => steps.some((step) => step.id === id));
  if (other === undefined) return null;
  return unsafe(
    path,
    { zh: `步骤 ${id} 属于另一个处置 ${other.id}。`, en: `Step ${id} belongs to another response, ${other.id}.` },
    {
      zh: "后备步骤必须在同一个处置中；请在此处增加该步骤。",
      en: "A fallback stands in the same response; add such a step here.",
    },
  );
}

/** Whether following the fallbacks of a step leads to it again. */
function comesBack({ steps }: ResponseConfig, from: string): boolean {
  const next = (id: string): string | null => {
    const fallback = steps.find((step) => step.id === id)?.fallback;
    return fallback !== undefined && "step" in fallback ? fallback.step : null;
  };
  let at = next(from);
  for (let hops = 0; at !== null && at !== from && hops < steps.length; hops++) at = next(at);
  return at === from;
}

const endless = (path: Path, from: string, next: string): Finding =>
  unsafe(
    path,
    {
      zh: `后备步骤循环：${from} → ${next} → … → ${from}。`,
      en: `The fallbacks run in a circle: ${from} -> ${next} -> ... -> ${from}.`,
    },
    {
      zh: "让最后一个步骤没有后备，或以 announce 结束。",
      en: "Let the last one have no fallback, or end it with announce.",
    },
  );

/** Notifications need two ways that do not fail together. */
export function channelFindings(edge: EdgeConfig): Finding[] {
  const channels = edge.channels ?? [];
  const hasTwo = new Set(channels.map(wayOf)).size > 1;
  return edge.responses.flatMap((response, r) => {
    const notifies = response.steps.flatMap((step, s) =>
      step.kind === "notify" ? [{ channel: step.channel, s }] : [],
    );
    const [first] = notifies;
    if (first === undefined) return [];
    const path = ["responses", r, "steps", first.s, "channel"];
    if (!hasTwo) return [oneWay(path, first.channel)];
    const used = new Set(channels.filter(({ id }) => notifies.some(({ channel }) => channel === id)).map(wayOf));
    return used.size > 1 ? [] : [oneWayUsed(path, response.id)];
  });
}

const wayOf = (channel: ChannelConfig): string => (channel.kind === "hub" ? "hub" : `output ${channel.point}`);

const oneWay = (path: Path, id: string): Finding =>
  unsafe(
    path,
    {
      zh: `只有一条通知渠道 ${id}，一处故障即全部中断。`,
      en: `There is one way out only, ${id}: one fault silences it.`,
    },
    {
      zh: "在 channels 中至少配置两条独立渠道，例如平台和电话拨号器输出（A-51）。",
      en: "Give at least two independent channels, for example the hub and the output of a dialler (A-51).",
    },
  );

const oneWayUsed = (path: Path, response: string): Finding =>
  unwise(
    path,
    { zh: `${response} 只经一条渠道通知。`, en: `${response} notifies by one way only.` },
    { zh: "再加一个经其他渠道的 notify 步骤。", en: "Add a notify step by another channel." },
  );

/** Level 2 closes the other entrances, level 1 the main ones too; each that stays open is a warning. */
export function postureFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) => {
    if (barrier.kind === "passage-lock" || barrier.keepFree !== undefined) return [];
    const level = barrier.entrance === "other" ? "level-2" : "level-1";
    return closedIn(edge, level).has(barrier.id) ? [] : [staysOpen(["barriers", index], barrier.id, level)];
  });
}

/** Barriers that are closed by the time a level is reached; levels add up. */
function closedIn(edge: EdgeConfig, level: PostureLevel): ReadonlySet<string> {
  const reached = postureLevels.slice(0, postureLevels.indexOf(level) + 1);
  const groups = edge.responses
    .filter(({ on }) => on.some((trigger) => "posture" in trigger && reached.includes(trigger.posture)))
    .flatMap(({ steps }) => steps.flatMap((step) => (step.kind === "close" ? [step.group] : [])));
  return new Set(edge.groups.filter(({ id }) => groups.includes(id)).flatMap(({ barriers }) => barriers));
}

const staysOpen = (path: Path, id: string, level: "level-2" | "level-1"): Finding =>
  unwise(
    path,
    level === "level-2"
      ? {
          zh: `非常态二级时 ${id}（非主要出入口）不会关闭。`,
          en: `Level 2 does not close ${id}, which is no main entrance.`,
        }
      : { zh: `非常态一级时 ${id}（主要出入口）不会关闭。`, en: `Level 1 does not close ${id} at a main entrance.` },
    {
      zh: `增加由 posture: ${level} 触发、关闭其编组的处置（A-24、A-25）。`,
      en: `Add a response on posture: ${level} that closes a group with it (A-24, A-25).`,
    },
  );
