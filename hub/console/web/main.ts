// The console's page: signs the reader in, follows the hub, and shows alarms beside the site, an incident or the people.
import { priorityTexts } from "../../../config/kinds.js";
import { h, patch } from "../../../edge/page/dom.js";
import { announce, showRefusal, tell } from "../../../edge/page/notices.js";
import type { AlarmView, CommandView } from "../views.js";
import { type AlarmLoad, followAlarmLoad } from "./alarm-load.js";
import { alarmsView, isTold, placeOf } from "./alarms.js";
import { call, Refusal } from "./api.js";
import type { Context, Person } from "./context.js";
import { openDetail } from "./detail.js";
import { enrolmentView, forgetCode } from "./enrolment.js";
import { drillBanners } from "./exercises.js";
import { type Feed, openFeed } from "./feed.js";
import { frame, languageButton } from "./frame.js";
import { incidentView } from "./incident.js";
import { locale, named, say, switchLanguage, word } from "./language.js";
import { commandTitle, whyRefused } from "./orders.js";
import { overview } from "./overview.js";
import { forgetPeople, passwordView, peopleView } from "./people.js";
import { codeFromAddress, firstPasswordView, rememberedPerson, rememberPerson, signInView } from "./sign-in.js";
import { chime, switchSound } from "./sound.js";
import type { StreamEvent } from "./stream.js";
import { commandStateTexts } from "./texts.js";

const tickMs = 1_000;

const code = codeFromAddress();
let person: Person | null = code === "" ? rememberedPerson() : null;
let feed: Feed | null = null;
let load: AlarmLoad | null = null;
let isDrawing = false;
const detail = openDetail(draw);

function setPerson(next: Person | null): void {
  person = next;
  rememberPerson(next);
  forgetPeople();
  forgetCode();
  if (next === null) {
    feed?.close();
    load?.close();
    feed = null;
    load = null;
  }
  follow();
  draw();
}

/** The hub is followed as soon as somebody is signed in who has a password. */
function follow(): void {
  if (person === null || person.mustSetPassword || feed !== null) return;
  feed = openFeed({ changed: draw, caughtUp, alarmed, event: heard, signedOut: () => setPerson(null) });
  load = followAlarmLoad(draw);
}

function caughtUp(): void {
  detail.read();
  draw();
}

function alarmed(alarm: AlarmView): void {
  if (feed === null) return;
  const priority = word(priorityTexts, String(alarm.priority));
  const about = { priority, title: named(alarm.title), place: placeOf(feed.known(), alarm) };
  announce(say(alarm.escalation > 0 ? "escalatedAlarm" : "newAlarm", about));
  if (!alarm.historical) chime();
}

/** How an own order went on, and news of the incident that is looked at. */
function heard(event: StreamEvent): void {
  if (event.kind === "incident") detail.heard(event.view.id);
  if (event.kind === "alarm" && event.view.incident !== null) detail.heard(event.view.incident);
  if (event.kind === "command") heardCommand(event.view);
}

function heardCommand(command: CommandView): void {
  const isOwn = command.issuers.includes(person?.user ?? "");
  const isOver = command.state === "done" || command.state === "refused" || command.state === "expired";
  if (!isOwn || !isOver || feed === null) return;
  const message = say("commandNow", {
    what: commandTitle(feed.known(), command),
    state: word(commandStateTexts, command.state),
  });
  if (command.state === "done") tell(message);
  else showRefusal({ message, remedy: whyRefused(command), code: command.code });
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    showRefusal(error);
    if (error.status === 401 && feed !== null) setPerson(null);
  }
}

function signOut(): void {
  void attempt(async () => {
    await call("DELETE", "sessions");
    setPerson(null);
  });
}

function contextOf(known: Context["known"], who: Person): Context {
  const measured = load?.measured() ?? null;
  return {
    known,
    person: who,
    load: measured,
    attempt,
    tell,
    send: (order) => call<CommandView>("POST", "commands", order),
  };
}

function beside(context: Context): readonly HTMLElement[] {
  if (location.hash === "#people" && context.person.role === "administrator")
    return [peopleView(context, draw), enrolmentView(context, draw)];
  if (location.hash === "#password") return [passwordView(context)];
  const shown = detail.shown();
  if (shown === null) return overview(context);
  if (typeof shown === "string") return [h("section", { class: "card" }, h("p", {}, say(shown)))];
  return [incidentView(context, shown)];
}

function workplace(who: Person, live: Feed): readonly HTMLElement[] {
  const context = contextOf(live.known(), who);
  const actions = { switchLanguage: changeLanguage, switchSound: changeSound, signOut };
  const isDetail = ["#people", "#password"].includes(location.hash) || detail.shown() !== null;
  return [
    ...frame(actions, { isLive: live.isLive(), currentAt: live.currentAt() }, who),
    ...drillBanners(context.known),
    h(
      "main",
      { "data-key": "work", class: isDetail ? "work detail" : "work" },
      alarmsView(context),
      h("div", { id: "beside", class: "beside", tabindex: -1 }, ...beside(context)),
    ),
  ];
}

function gate(): readonly HTMLElement[] {
  const actions = { attempt, signedIn: setPerson, warn: tell };
  const view = person === null ? signInView(actions, code) : firstPasswordView(actions, person);
  return [h("div", { "data-key": "gate-head", class: "gate-head" }, languageButton(changeLanguage)), view];
}

function drawNow(): void {
  isDrawing = false;
  const page = document.getElementById("page");
  if (page === null) return;
  document.documentElement.lang = locale();
  const open = feed === null ? 0 : [...feed.known().alarms.values()].filter(isTold).length;
  document.title = (open > 0 ? `(${open}) ` : "") + say("product");
  patch(page, person === null || feed === null ? gate() : workplace(person, feed));
}

/** Draws once per frame however much has changed; a hidden page draws too, for its title. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  setTimeout(drawNow);
}

function changeLanguage(): void {
  switchLanguage();
  draw();
}

function changeSound(): void {
  switchSound();
  draw();
}

window.addEventListener("hashchange", () => {
  forgetPeople();
  forgetCode();
  detail.read();
  drawNow();
  document.getElementById("beside")?.focus();
});
setInterval(draw, tickMs);
follow();
draw();
