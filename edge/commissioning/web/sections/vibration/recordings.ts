// Recording tests at the fence, and the list of what was recorded.
import { recordingEndTexts, recordingLabelTexts } from "../../../../../config/vibration-words.js";
import { ask } from "../../../../page/ask.js";
import { h } from "../../../../page/dom.js";
import { locale, named, word } from "../../../../page/language.js";
import { toned } from "../../../../page/tone.js";
import type { RecordingHead, StoredRecording } from "../../../vibration/recording.js";
import type { Context } from "../../context.js";
import { type Model, pathOf, refreshList } from "./model.js";
import { say } from "./texts.js";

const lengths = [15, 30, 60, 120, 300];
const lengthAtFirst = 30;

function startOf(form: HTMLFormElement, model: Model, context: Context): Promise<void> {
  const data = new FormData(form);
  const blows = Number(data.get("blows"));
  const body = {
    label: data.get("label"),
    seconds: Number(data.get("seconds")),
    note: String(data.get("note") ?? "").trim(),
    ...(blows > 0 ? { blows } : {}),
  };
  return context.attempt(async () => {
    if (!(await context.ensurePerson())) return;
    await context.call("POST", pathOf(model.zone, "recordings"), body);
    await refreshList(model, context);
  });
}

function startForm(model: Model, context: Context): HTMLElement {
  const labels = Object.entries(recordingLabelTexts).map(([value, text]) => h("option", { value }, named(text)));
  const seconds = lengths.map((value) =>
    h("option", { value, selected: value === lengthAtFirst }, say("seconds", { n: value })),
  );
  const onsubmit = (event: Event) => {
    event.preventDefault();
    if (event.currentTarget instanceof HTMLFormElement) void startOf(event.currentTarget, model, context);
  };
  return h(
    "form",
    { "data-key": "start", class: "tuning", onsubmit },
    h("label", {}, say("what"), h("select", { name: "label" }, ...labels)),
    h("label", {}, say("length"), h("select", { name: "seconds" }, ...seconds)),
    h("label", {}, say("blows"), h("input", { name: "blows", type: "number", min: 1, max: 100, autocomplete: "off" })),
    h("label", {}, say("note"), h("input", { name: "note", maxlength: 200, autocomplete: "off" })),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, say("start"))),
  );
}

function runningView(model: Model, context: Context): readonly HTMLElement[] {
  const running = model.list?.running ?? null;
  if (running === null) return [startForm(model, context)];
  const { label, recordedSeconds: done, seconds, person } = running;
  const text = say("recording", { label: word(recordingLabelTexts, label), done, seconds, person });
  const stop = () =>
    void context.attempt(async () => {
      if (!(await context.ensurePerson())) return;
      await context.call("POST", pathOf(model.zone, "recordings/stop"));
      await refreshList(model, context);
    });
  return [
    h("p", { "data-key": "running", role: "status" }, toned("move", text)),
    h("progress", { "data-key": "progress", max: seconds, value: done, "aria-label": text }),
    h(
      "div",
      { "data-key": "stop", class: "buttons" },
      h("button", { type: "button", class: "primary", onclick: stop }, say("stop")),
    ),
  ];
}

export function recordCard(model: Model, context: Context): HTMLElement {
  const lost = model.list?.lost ?? null;
  return h(
    "section",
    { "data-key": "record", class: "card", "aria-labelledby": "record-title" },
    h("h2", { id: "record-title" }, say("record")),
    h("p", { "data-key": "how" }, say("recordHow")),
    ...(lost === null
      ? []
      : [h("p", { "data-key": "lost" }, toned("alert", say("lost", { why: `${lost.code} ${lost.detail}` })))]),
    ...runningView(model, context),
  );
}

async function remove(id: string, model: Model, context: Context): Promise<void> {
  const answer = await ask({
    title: say("removeTitle"),
    body: say("removeBody", { id }),
    confirm: say("remove"),
    danger: true,
    reason: null,
  });
  if (answer === null) return;
  await context.attempt(async () => {
    if (!(await context.ensurePerson())) return;
    await context.call("DELETE", pathOf(model.zone, `recordings/${id}`));
    await refreshList(model, context);
  });
}

function factsOf(head: RecordingHead): string {
  const { seconds, ended, blows, note } = head;
  const counted = blows === null ? [] : [say("counted", { n: blows })];
  return [
    say("seconds", { n: seconds }),
    word(recordingEndTexts, ended),
    ...counted,
    ...(note === "" ? [] : [note]),
  ].join(" · ");
}

function row({ id, head }: StoredRecording, model: Model, context: Context): HTMLElement {
  const compare = () => {
    model.compared = id;
    model.whatIf = null;
    context.redraw();
    document.getElementById("what-if-title")?.scrollIntoView();
  };
  const cell = (label: "when" | "by", text: string) => h("td", { "data-label": say(label) }, text);
  const title = head === null ? toned("alert", say("damaged")) : h("span", {}, word(recordingLabelTexts, head.label));
  const when = head === null ? id : new Date(head.startedAt).toLocaleString(locale());
  return h(
    "tr",
    { "data-key": id },
    h("th", { scope: "row" }, title, h("small", {}, head === null ? id : factsOf(head))),
    cell("when", when),
    cell("by", head?.person ?? "–"),
    h(
      "td",
      {},
      h(
        "div",
        { class: "buttons" },
        head !== null && h("button", { type: "button", onclick: compare }, say("compareIt")),
        h(
          "a",
          { class: "button", href: `/api/v1/${pathOf(model.zone, `recordings/${id}`)}`, download: true },
          say("download"),
        ),
        h("button", { type: "button", onclick: () => void remove(id, model, context) }, say("remove")),
      ),
    ),
  );
}

export function listCard(model: Model, context: Context): HTMLElement {
  const recordings = [...(model.list?.recordings ?? [])].reverse();
  const columns = [say("what"), say("when"), say("by"), ""].map((text) => h("th", { scope: "col" }, text));
  return h(
    "section",
    { "data-key": "list", class: "card", "aria-labelledby": "list-title" },
    h("h2", { id: "list-title" }, say("recordings")),
    recordings.length === 0
      ? h("p", { "data-key": "none" }, say("noRecordings"))
      : h(
          "table",
          { "data-key": "table", class: "wide" },
          h("thead", {}, h("tr", {}, ...columns)),
          h("tbody", {}, ...recordings.map((each) => row(each, model, context))),
        ),
  );
}
