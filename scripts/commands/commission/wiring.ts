// portcullis commission wiring: how a zone or point is wired, what is seen there, and what is probably wrong.
import { Command } from "commander";
import { ohmsText } from "../../../edge/commissioning/wiring/loop.js";
import type { WiringView } from "../../../edge/commissioning/wiring/view.js";
import { PortcullisError } from "../../../edge/model/error.js";
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

function tellWords({ zones, points, loops, howToTest, kinds }: WiringView): void {
  for (const { id, name } of zones) console.log(`${id}  ${name.zh} ${name.en}  ${kinds[id]?.zh} ${kinds[id]?.en}`);
  for (const zone of zones) {
    const loop = "loop" in zone ? zone.loop : undefined;
    if (loop === undefined) continue;
    for (const { class: band, fromRaw, toRaw } of loops[zone.id] ?? []) {
      const ohms = [fromRaw, toRaw].map((raw) => ohmsText((loop.pullUpOhms * raw) / (loop.fullScale - raw)));
      console.log(`  ${band}  ${Math.round(fromRaw)}..${Math.round(toRaw)}  ${ohms.join(" .. ")}`);
    }
  }
  for (const { config, driver, now, found } of points) {
    console.log(`${config.id}  ${driver}  ${JSON.stringify(now.value)}  ${now.quality ?? "not-heard"}`);
    for (const { tone, seen, next, offer } of found) {
      console.log(`  ${tone}: ${seen.en} ${next.en}\n  ${seen.zh}${next.zh}`);
      if (offer !== null) console.log(`  ? ${offer.key}=${offer.value}`);
    }
  }
  for (const { id } of zones) console.log(`test 测试: ${howToTest[id]?.en} ${howToTest[id]?.zh}`);
}
