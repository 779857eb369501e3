// portcullis commission wiring: how a zone or point is wired, what is seen there, and what is probably wrong.
import { Command } from "commander";
import type { Offer } from "../../../edge/commissioning/wiring/found.js";
import { type Band, ohmsText } from "../../../edge/commissioning/wiring/loop.js";
import type { WiringView } from "../../../edge/commissioning/wiring/view.js";
import { PortcullisError } from "../../../edge/model/error.js";
import type { LoopConfig } from "../../../edge/model/zone.js";
import { type BoxSession, type SessionOptions, sessionOptions, withSession } from "../../box-session.js";
import { run } from "../../terminal.js";

export function wiringCommand(): Command {
  const wiring = new Command("wiring").description("what is probably wrong with a wire 接线诊断");
  for (const [flags, description, initial] of sessionOptions) wiring.option(flags, description, initial);
  return wiring
    .argument("<id>", "a zone or a point")
    .action((id: string, options: SessionOptions) =>
      run(() => withSession(options, (session) => tell(session, id, options))),
    );
}

async function tell(session: BoxSession, id: string, { json }: SessionOptions): Promise<void> {
  const view = await ask(session, id);
  if (json === true) console.log(JSON.stringify(view, null, 2));
  else tellWords(view);
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

function tellWords(view: WiringView): void {
  const { zones, points, howToTest, kinds } = view;
  for (const zone of zones) {
    console.log(`${zone.id}  ${zone.name.zh} ${zone.name.en}  ${kinds[zone.id]?.zh} ${kinds[zone.id]?.en}`);
    if ("loop" in zone && zone.loop !== undefined) tellBands(zone.loop, view.loops[zone.id] ?? []);
    console.log(`  test 测试: ${howToTest[zone.id]?.en} ${howToTest[zone.id]?.zh}`);
  }
  for (const point of points) tellPoint(point);
}

function tellBands({ pullUpOhms, fullScale }: LoopConfig, bands: readonly Band[]): void {
  for (const { class: band, fromRaw, toRaw } of bands) {
    const [from, to] = [fromRaw, toRaw].map((raw) => ohmsText((pullUpOhms * raw) / (fullScale - raw)));
    console.log(`  ${band}  ${Math.round(fromRaw)}..${Math.round(toRaw)}  ${from} .. ${to}`);
  }
}

function tellPoint({ config, driver, now, found }: WiringView["points"][number]): void {
  console.log(`${config.id}  ${driver}  ${JSON.stringify(now.value)}  ${now.quality ?? "not-heard"}`);
  for (const { tone, seen, next, offers } of found) {
    console.log(`  ${tone}: ${seen.en} ${next.en}\n  ${seen.zh}${next.zh}`);
    for (const offer of offers) console.log(`  ? ${offerText(offer)}`);
  }
}

/** With the class that the reading would have, and the resistances of the whole loop that are taken for it. */
function offerText({ key, value, as, fromOhms, toOhms }: Offer): string {
  const bounds = fromOhms === undefined || toOhms === undefined ? "" : `  ${ohmsText(fromOhms)} .. ${ohmsText(toOhms)}`;
  return `${key}=${value}${as === undefined ? "" : `  ${as}`}${bounds}`;
}
