// The box's page: follows the box, lets people log in and act, and shows one section at a time.
import { actTexts } from "../../../config/words.js";
import type { Text } from "../../model/text.js";
import { h, patch } from "../../page/dom.js";
import { locale, named, switchLanguage, word } from "../../page/language.js";
import { announce, type Refused, showRefusal, tell } from "../../page/notices.js";
import type { SiteReply } from "../questions/site.js";
import type { BoxStatus } from "../status.js";
import { newIncidents, waitingIncidents } from "./alarm-news.js";
import { call, Refusal } from "./api.js";
import type { Context, Order, Person } from "./context.js";
import { type Feed, openFeed } from "./feed.js";
import { frame, languageButton, revealSection } from "./frame.js";
import { titleOf } from "./sections/gatehouse/incidents.js";
import { type Section, sections } from "./sections.js";
import { askSignIn, noPeopleView, signInView } from "./sign-in.js";
import { say } from "./texts.js";

const tickMs = 1_000;
const retryMs = 3_000;

interface Entrance {
  readonly person: Person | null;
  readonly hasPeople: boolean;
  readonly isLoopback: boolean;
}

let entrance: Entrance | null = null;
let person: Person | null = null;
let site: SiteReply | null = null;
let feed: Feed | null = null;
let isDrawing = false;

function shownSection(): Section {
  const [first] = sections;
  const found = sections.find(({ id }) => `#${id}` === location.hash) ?? first;
  if (found === undefined) throw new Error("the page has no section");
  return found;
}

/** Reads what the page stands on, again and again until the box answers. */
async function enter(): Promise<void> {
  try {
    entrance = await call<Entrance>("GET", "entrance");
    ({ person } = entrance);
    if (person !== null || entrance.isLoopback) await follow();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    setTimeout(() => void enter(), retryMs);
  }
  draw();
}

async function follow(): Promise<void> {
  site = await call<SiteReply>("GET", "site");
  feed ??= openFeed(draw, () => {
    feed?.close();
    feed = null;
    setTimeout(() => void enter(), retryMs);
  });
}

function setPerson(next: Person | null): void {
  person = next;
  if (next === null && entrance?.isLoopback === false) {
    feed?.close();
    feed = null;
    site = null;
  }
  draw();
}

async function attempt(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    showRefusal(refusedWords(error));
    if (error.code === "api.unauthenticated" && person !== null)
      await call<Person>("GET", "sessions/present").then(setPerson, () => setPerson(null));
  }
}

function refusedWords(error: Refusal): Refused {
  const { code, message, remedy, body } = error;
  // Of the second person's PIN; the reader is logged in.
  if (code === "api.login-refused" && body["place"] === "/second")
    return { code, message: say("wrongSecond"), remedy: say("tryAgain") };
  return { code, message, remedy: [remedy, ...obstacleLines(error)].join(" ") };
}

function obstacleLines({ body }: Refusal): readonly string[] {
  const obstacles = body["obstacles"] as readonly { readonly subject: string; readonly text: Text }[] | undefined;
  return (obstacles ?? []).map(({ subject, text }) => say("pairLine", { what: nameOf(subject), how: named(text) }));
}

function nameOf(id: string): string {
  const things =
    site === null ? [] : [...site.zones, ...site.areas, ...site.barriers, ...site.groups, ...site.annunciators];
  const name = things.find((thing) => thing.id === id)?.name;
  return name === undefined ? id : named(name);
}

async function signIn(): Promise<void> {
  const signedIn = await askSignIn({ attempt });
  if (signedIn !== null) setPerson(signedIn);
}

async function ensurePerson(): Promise<boolean> {
  if (person === null) await signIn();
  return person !== null;
}

async function send({ act, reason, second }: Order): Promise<void> {
  if (!(await ensurePerson())) return;
  await call("POST", "commands", { act, reason, ...(second === undefined ? {} : { second }) });
  tell(say("done", { what: word(actTexts, act.kind) }));
}

function contextOf(plan: SiteReply, live: Feed): Context {
  return {
    site: plan,
    status: live.status(),
    points: live.points(),
    isLive: live.isLive(),
    person,
    attempt,
    send,
    ensurePerson,
    call,
    tell,
    redraw: draw,
  };
}

const actions = {
  switchLanguage() {
    switchLanguage();
    draw();
  },
  signIn: () => void signIn(),
  signOut: () =>
    void attempt(async () => {
      await call("DELETE", "sessions/present");
      setPerson(null);
    }),
};

function workplace(plan: SiteReply, live: Feed): readonly HTMLElement[] {
  const shown = shownSection();
  const main = h(
    "main",
    { "data-key": shown.id, id: "content", class: "content", tabindex: -1 },
    h("h2", { class: "unseen", "data-key": "title" }, named(shown.title)),
    ...(entrance?.hasPeople === false ? [noPeopleView()] : []),
    ...shown.view(contextOf(plan, live)),
  );
  const status = live.status();
  const around = {
    title: named(plan.name),
    isLive: live.isLive(),
    isHubThere: !plan.hasHub || status === null || status.hubConnected,
    waiting: waitingIncidents(status).length,
    person,
    shown,
  };
  return [...frame(actions, around), main];
}

function gate(): readonly HTMLElement[] {
  const head = h("div", { "data-key": "gate-head", class: "gate-head" }, languageButton(actions.switchLanguage));
  if (entrance === null || entrance.isLoopback)
    return [
      head,
      h("main", { "data-key": "loading", class: "gate" }, h("h1", {}, say("product")), h("p", {}, say("loading"))),
    ];
  if (!entrance.hasPeople) return [head, h("main", { "data-key": "none", class: "gate" }, noPeopleView())];
  const signedIn = (who: Person) => {
    setPerson(who);
    void attempt(follow).then(draw);
  };
  return [head, signInView({ attempt, signedIn })];
}

function readOut(status: BoxStatus | null): void {
  if (site === null) return;
  const plan = { site };
  const titles = newIncidents(status).map((incident) => titleOf(incident, plan));
  if (titles.length > 0) announce(say("newIncident", { what: titles.join(", ") }));
}

function drawNow(): void {
  isDrawing = false;
  const page = document.getElementById("page");
  if (page === null) return;
  document.documentElement.lang = locale();
  const status = feed?.status() ?? null;
  const waiting = waitingIncidents(status).length;
  document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${named(shownSection().title)} · ${say("product")}`;
  patch(page, site === null || feed === null ? gate() : workplace(site, feed));
  readOut(status);
  revealSection(shownSection());
}

/** Draws once per turn however much has changed. */
function draw(): void {
  if (isDrawing) return;
  isDrawing = true;
  setTimeout(drawNow);
}

window.addEventListener("hashchange", () => {
  drawNow();
  document.getElementById("content")?.focus();
});
setInterval(draw, tickMs);
draw();
void enter();
