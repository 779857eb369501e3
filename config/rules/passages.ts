// Ways out stay open: emergency exits and fire lanes stand in no group, passage locks let people out (rule 8, A-08, A-29, A-40).
import type { BarrierConfig, EdgeConfig } from "../../edge/model/site.js";
import type { Text } from "../../edge/model/text.js";
import { keepFreeTexts } from "../kinds.js";
import { type Finding, type Path, unsafe } from "../trouble.js";

/** An emergency exit or fire lane that a lock-down or posture could close. */
export function keepFreeFindings(edge: EdgeConfig): Finding[] {
  const kept = new Map(edge.barriers.flatMap(({ id, keepFree }) => (keepFree === undefined ? [] : [[id, keepFree]])));
  return edge.groups.flatMap((group, g) =>
    group.barriers.flatMap((id, at): Finding[] => {
      const keepFree = kept.get(id);
      return keepFree === undefined ? [] : [lockedExit(["groups", g, "barriers", at], id, keepFreeTexts[keepFree])];
    }),
  );
}

const lockedExit = (path: Path, id: string, what: Text): Finding =>
  unsafe(
    path,
    {
      zh: `${id} 是${what.zh}，不得加入任何编组。`,
      en: `${id} is declared ${what.en.toLowerCase()} and may stand in no group.`,
    },
    {
      zh: "从编组中删除：封锁和非常态等级按编组关闭，应急出口和消防通道必须始终畅通。",
      en: "Take it out: lock-downs and postures close by group, and ways of escape and rescue stay free at all times.",
    },
  );

/** Locks of passages that could trap people, and locks where a drive belongs. */
export function passageFindings(edge: EdgeConfig): Finding[] {
  return edge.barriers.flatMap((barrier, index) => {
    const path = ["barriers", index];
    return barrier.kind === "passage-lock" ? lockFindings(barrier, path) : driveFindings(barrier, path);
  });
}

const wired: Text = {
  zh: "门锁须由火灾报警主机直接接线断电释放，软件不能代替（规则 8）。完成接线后写 releaseWired: true。",
  en: "The fire panel's own wiring must cut the lock's power; software cannot stand in for it (rule 8). Wire it, then write releaseWired: true.",
};
const inside: Text = {
  zh: "通道内必须有人员可直接操作的释放装置（规则 8）。安装后写 releaseInside: true。",
  en: "A release that anybody can work must stand inside (rule 8). Fit it, then write releaseInside: true.",
};
const failsOpen: Text = {
  zh: "火警时通道锁必须开启：写 onFire: open。",
  en: "On fire a passage opens: write onFire: open.",
};
const energised: Text = {
  zh: "通道锁须为通电上锁、断电开锁：使用 drive: { kind: lock, lock: 输出点 }。",
  en: "A passage is locked by power and free without it: use drive: { kind: lock, lock: OUTPUT }.",
};

function lockFindings(barrier: BarrierConfig, path: Path): Finding[] {
  const rules: readonly (readonly [string, boolean, Text])[] = [
    ["releaseWired", barrier.releaseWired === true, wired],
    ["releaseInside", barrier.releaseInside === true, inside],
    ["onFire", barrier.onFire === "open", failsOpen],
    ["drive", barrier.drive.kind === "lock", energised],
  ];
  return rules.flatMap(([key, holds, remedy]) =>
    holds
      ? []
      : [
          unsafe(
            [...path, key],
            {
              zh: `通道锁 ${barrier.id} 可能困住人员（${key}）。`,
              en: `Passage lock ${barrier.id} could trap people (${key}).`,
            },
            remedy,
          ),
        ],
  );
}

function driveFindings({ id, kind, drive, open }: BarrierConfig, path: Path): Finding[] {
  const lock =
    drive.kind === "lock"
      ? [
          unsafe(
            [...path, "drive"],
            { zh: `${id}（${kind}）不是通道锁，不能用锁驱动。`, en: `${id} is a ${kind}; a lock cannot drive it.` },
            {
              zh: "使用 demand 或 relays 驱动，或改为 kind: passage-lock。",
              en: "Use demand or relays, or write kind: passage-lock.",
            },
          ),
        ]
      : [];
  const contact =
    open === undefined
      ? [
          unsafe(
            [...path, "open"],
            {
              zh: `${id} 缺少开启到位触点 open，绿灯和释放无法确认。`,
              en: `${id} has no open contact, so neither a green signal nor a release can be confirmed.`,
            },
            {
              zh: "接入并填写 open；只有通道锁可以省略。",
              en: "Wire it and name it as open; only a passage lock may go without.",
            },
          ),
        ]
      : [];
  return [...lock, ...contact];
}
