// A walk test's chirp says "seen" to the person at the fence and nothing else to anybody.
import type { EdgeConfig } from "../../edge/model/site.js";
import { type Finding, unsafe } from "../trouble.js";

/** Words that send people out of the building, cut off after a moment, would be believed. */
export function walkTestFindings({ walkTest, annunciators }: EdgeConfig): Finding[] {
  const chirp = walkTest?.chirp;
  if (chirp?.kind !== "annunciator") return [];
  const isEvacuation = annunciators.some(({ id, kind }) => id === chirp.annunciator && kind === "evacuation");
  if (!isEvacuation) return [];
  return [
    unsafe(
      ["walkTest", "chirp", "annunciator"],
      {
        zh: `步行测试的提示音不能使用疏散广播 ${chirp.annunciator}。`,
        en: `A walk test must not chirp by the evacuation announcement ${chirp.annunciator}.`,
      },
      {
        zh: "请改用蜂鸣器或警号，或一个专用输出点（kind: point）。",
        en: "Name a buzzer or a siren, or an output of its own (kind: point).",
      },
    ),
  ];
}
