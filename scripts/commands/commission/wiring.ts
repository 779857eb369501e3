// portcullis commission wiring: how a zone or point is wired, what is seen there, and what is probably wrong.
import { Command } from "commander";
import { loopClassTexts, qualityTexts } from "../../../edge/commissioning/point-words.js";
import type { Offer } from "../../../edge/commissioning/wiring/found.js";
import { type Band, ohmsText } from "../../../edge/commissioning/wiring/loop.js";
import type { FoundView, WiringView } from "../../../edge/commissioning/wiring/view.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { Language, Text } from "../../../edge/model/text.js";
import type { LoopConfig } from "../../../edge/model/zone.js";
import { languageOf } from "../../box.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { pair, say } from "../../sentences.js";
import { run } from "../../terminal.js";

const texts = {
  test: { zh: "测试方法：{how}", en: "How to test: {how}" },
  range: { zh: "{from} 至 {to}", en: "{from} to {to}" },
  never: { zh: "尚未收到", en: "not heard of" },
  offer: { zh: "? 可试改为 {change}", en: "? try {change}" },
} as const;

const toneTexts: Readonly<Record<FoundView["tone"], Text>> = {
  alert: { zh: "故障", en: "alert" },
  warn: { zh: "注意", en: "warn" },
  good: { zh: "正常", en: "good" },
};

export function wiringCommand(): Command {
  const wiring = new Command("wiring").description("what is probably wrong with a wire 接线诊断");
  for (const [flags, description, initial] of sessionOptions) wiring.option(flags, description, initial);
  return wiring
    .argument("<id>", "a zone or a point 防区或点位")
    .action((id: string, options: SessionOptions) =>
      run(() => withSession(options, (session) => tell(session, id, options))),
    );
}

async function tell(session: BoxSession, id: string, { json, language }: SessionOptions): Promise<void> {
  const view = await ask(session, id);
  if (json === true) console.log(JSON.stringify(view, null, 2));
  else for (const line of wiringLines(view, languageOf(language))) console.log(line);
  if (view.points.some(({ found }) => found.some(({ tone }) => tone === "alert"))) process.exitCode = 1;
}

/** A zone first: points have often the same name. */
async function ask(session: BoxSession, id: string): Promise<WiringView> {
  const by = (kind: "zone" | "point") =>
    session.call<WiringView>("GET", `/api/v1/wiring?${kind}=${encodeURIComponent(id)}`);
  return by("zone").catch((error: unknown) => {
    if (error instanceof PortcullisError && error.trouble.code === "api.not-found") return by("point");
    throw error;
  });
}

export function wiringLines(view: WiringView, language: Language): readonly string[] {
  const { zones, points, howToTest, kinds, loops } = view;
  const words = say(texts, language);
  return [
    ...zones.flatMap((zone) => [
      `${zone.id}  ${zone.name[language]}  ${kinds[zone.id]?.[language] ?? ""}`,
      ...("loop" in zone && zone.loop !== undefined ? bandLines(zone.loop, loops[zone.id] ?? [], language) : []),
      `  ${words("test", { how: howToTest[zone.id]?.[language] ?? "" })}`,
    ]),
    ...points.flatMap((point) => pointLines(point, language)),
  ];
}

function bandLines(
  { pullUpOhms, fullScale }: LoopConfig,
  bands: readonly Band[],
  language: Language,
): readonly string[] {
  return bands.map(({ class: band, fromRaw, toRaw }) => {
    const [from = "", to = ""] = [fromRaw, toRaw].map((raw) => ohmsText((pullUpOhms * raw) / (fullScale - raw)));
    const range = say(texts, language)("range", { from, to });
    return `  ${loopClassTexts[band][language]}  ${Math.round(fromRaw)}..${Math.round(toRaw)}  ${range}`;
  });
}

function pointLines(
  { config, driver, now, found }: WiringView["points"][number],
  language: Language,
): readonly string[] {
  const words = say(texts, language);
  const quality = now.quality === null ? words("never") : qualityTexts[now.quality][language];
  const space = language === "zh" ? "" : " ";
  return [
    `${config.id}  ${driver}  ${JSON.stringify(now.value)}  ${quality}`,
    ...found.flatMap(({ tone, seen, next, offers }) => [
      `  ${pair(toneTexts[tone][language], `${seen[language]}${space}${next[language]}`, language)}`,
      ...offers.map((offer) => `  ${words("offer", { change: offerText(offer, language) })}`),
    ]),
  ];
}

/** With the class that the reading would have, and the resistances of the whole loop that are taken for it. */
function offerText({ key, value, as, fromOhms, toOhms }: Offer, language: Language): string {
  const bounds =
    fromOhms === undefined || toOhms === undefined
      ? ""
      : `  ${say(texts, language)("range", { from: ohmsText(fromOhms), to: ohmsText(toOhms) })}`;
  return `${key}=${value}${as === undefined ? "" : `  ${loopClassTexts[as][language]}`}${bounds}`;
}
