// What a trigger will really do, said before somebody makes it for a test: a test of what is always on is no make-believe.
import { causesOf, type GuidedSubject, zoneOfSubject } from "../commissioning/guided/guided-test.js";
import type { State } from "../controller.js";
import { heldBack, isUnderTest } from "../incident/watch.js";
import type { ResponseConfig, StepConfig } from "../model/plan.js";
import type { EdgeConfig } from "../model/site.js";
import type { Text } from "../model/text.js";
import type { Stamp } from "../model/time.js";
import { type ZoneConfig, zoneTraits } from "../model/zone.js";
import { responsesToZone } from "../response/plan.js";

const t = (zh: string, en: string): Text => ({ zh, en });

/** Empty where nothing follows: the zone is under a walk test, not armed or out. */
export function realEffects(subject: GuidedSubject, state: State, now: Stamp): readonly Text[] {
  const { config, durable } = state;
  if (subject.kind === "annunciator") return annunciatorEffects(subject.subject, config);
  const zone = zoneOfSubject(subject, config);
  if (zone === undefined || !counts(subject, zone, state, now)) return [];
  if (causesOf(subject, zone).length === 0)
    return [t("预期不报警；误触发时报警是真实的。", "No alarm is expected; one that is made by mistake is real.")];
  const isQuiet = subject.kind === "case" && isUnderTest(zone, sceneOf(zone, state, now));
  const isExercise = durable.drill?.suspendedBy === null && durable.drill.zones.includes(zone.id);
  const isSilent = isQuiet || isSilentHoldUp(subject, zone);
  const steps = responsesOf(subject, zone, config).flatMap((response) =>
    response.steps.filter(({ kind }) => kind !== "announce" || !isSilent).map((step) => ({ response, step })),
  );
  return [
    isExercise && subject.kind !== "case"
      ? t("演练进行中：报警真实发出，并标为演练。", "A drill runs: the alarm is real and marked as exercise.")
      : t(
          "这是真实报警：值班室和监控中心都会收到。",
          "This is a real alarm: the gatehouse and the control room receive it.",
        ),
    ...(isSilent ? [t("现场不鸣响。", "Nothing sounds on site.")] : []),
    ...(isQuiet ? [] : steps.flatMap(({ response, step }) => effectOf(step, response, config))),
    ...(zone.kind === "fire-input"
      ? [
          t(
            "消防主机按自身接线释放逃生通道，本机无法阻止，也不会抑制消防信号。",
            "The fire panel frees escape routes by its own wiring; the box cannot prevent that and suppresses no fire signal.",
          ),
        ]
      : []),
  ];
}

/** What an alarm of it must make sound, for always-on kinds: with others it depends on arming and confirmation. */
export function soundsOf(
  subject: GuidedSubject,
  state: State,
  now: Stamp,
): { readonly annunciators: readonly string[]; readonly withinMs: number } {
  const { config } = state;
  if (subject.kind === "annunciator") return { annunciators: [subject.subject], withinMs: soundedWithinMs };
  const zone = zoneOfSubject(subject, config);
  if (zone === undefined || subject.kind === "case" || !zoneTraits[zone.kind].isProtected) return none;
  if (isSilentHoldUp(subject, zone)) return none;
  if (!counts(subject, zone, state, now)) return none;
  const announced = responsesOf(subject, zone, config).flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === "announce" ? [step] : [])),
  );
  return {
    annunciators: [...new Set(announced.map(({ annunciator }) => annunciator))],
    withinMs: Math.max(0, ...announced.map(({ withinMs }) => withinMs)),
  };
}

const none = { annunciators: [], withinMs: 0 } as const;
/** A siren that is tried is confirmed like one that sounds in earnest. */
const soundedWithinMs = 3_000;

function sceneOf(zone: ZoneConfig, { config, durable, index }: State, now: Stamp): Parameters<typeof isUnderTest>[1] {
  const area = index.areas.get(zone.area);
  if (area === undefined) throw new Error(`zone ${zone.id} lies in no known area`);
  return { edge: config.id, durable, now, config, area, conditions: {} };
}

function counts({ kind }: GuidedSubject, zone: ZoneConfig, state: State, now: Stamp): boolean {
  const scene = sceneOf(zone, state, now);
  if (kind === "case") return heldBack(zone, "tamper", scene) === null;
  return !isUnderTest(zone, scene) && heldBack(zone, "breach", scene) === null;
}

/** Who presses it must not be given away. */
function isSilentHoldUp({ kind }: GuidedSubject, zone: ZoneConfig): boolean {
  return kind !== "case" && zone.kind === "panic-button" && !zone.audible;
}

function responsesOf(subject: GuidedSubject, zone: ZoneConfig, config: EdgeConfig): readonly ResponseConfig[] {
  return causesOf(subject, zone).flatMap((cause) => responsesToZone(config, zone, { cause }));
}

function annunciatorEffects(annunciator: string, { annunciators }: EdgeConfig): readonly Text[] {
  const known = annunciators.find(({ id }) => id === annunciator);
  if (known === undefined) return [];
  const { zh, en } = known.name;
  const sounds = t(`${zh} 会真的响 2 秒。`, `${en} really sounds for 2 s.`);
  const believed = t(
    "播放的是疏散广播，请先通知在场人员。",
    "It is the evacuation announcement: tell everybody present first.",
  );
  return known.kind === "evacuation" ? [sounds, believed] : [sounds];
}

function effectOf(step: StepConfig, response: ResponseConfig, config: EdgeConfig): readonly Text[] {
  const said = (what: Text): readonly Text[] => [
    t(`${response.name.zh}：${what.zh}`, `${response.name.en}: ${what.en}`),
  ];
  const nameOf = (things: readonly { readonly id: string; readonly name: Text }[] | undefined, id: string) =>
    things?.find((thing) => thing.id === id)?.name ?? t(id, id);
  switch (step.kind) {
    case "announce": {
      const { zh, en } = nameOf(config.annunciators, step.annunciator);
      return said(t(`${zh} 响`, `${en} sounds`));
    }
    case "close": {
      const { zh, en } = nameOf(config.groups, step.group);
      return said(t(`${zh} 全部关闭并保持，由两人解除`, `${en} closes and is held until two persons stand it down`));
    }
    case "release": {
      const group = config.groups.find(({ id }) => id === step.group);
      const freed = config.barriers.filter(({ id, onFire }) => group?.barriers.includes(id) && onFire === "open");
      return freed.flatMap(({ name: { zh, en } }) => said(t(`${zh} 打开（释放）`, `${en} opens (is released)`)));
    }
    case "notify": {
      const { zh, en } = nameOf(config.channels, step.channel);
      return said(t(`通知 ${zh}`, `${en} is told`));
    }
    case "report":
      return said(t(`要求人员报告：${step.task.zh}`, `somebody is asked to report: ${step.task.en}`));
    case "switch":
      return said(t(`输出 ${step.point} 接通`, `output ${step.point} goes on`));
  }
}
