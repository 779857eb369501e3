// Tuning a vibration fibre: its live trace, recordings of tests, settings suggested from them, and what other settings would have
// made of a recording. All of it is judged here, in the HTTP's own thread.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { type Static, Type } from "typebox";
import { strict } from "../../../config/schema/request-terms.js";
import { fibreSettings } from "../../../config/schema/zone.js";
import { refusal } from "../../model/error.js";
import { fact } from "../../model/fact.js";
import { mayRecord } from "../../model/rights.js";
import type { FibreSettings } from "../../model/zone.js";
import { personOf } from "../access.js";
import { answer, textOf } from "../answer.js";
import type { Desk } from "../desk.js";
import { createRecorder, type RecordingDesk } from "../vibration/recorder.js";
import { type Recording, recordingLabels, recordingLimits } from "../vibration/recording.js";
import { openStore, type Store } from "../vibration/store.js";
import { suggest } from "../vibration/suggest.js";
import { type RecordingsView, type SuggestionView, vibrationView, whatIfView } from "../vibration/views.js";
import { perMinute } from "./orders.js";

export const tuningLimits = {
  /** Values that one suggestion judges: it lasts about a second. */
  values: 300_000,
  /** Suggestions and comparisons. */
  perMinute: 60,
} as const;

const wanted = Type.Object(
  {
    label: Type.Enum([...recordingLabels]),
    seconds: Type.Integer({ minimum: recordingLimits.secondsMin, maximum: recordingLimits.secondsMax }),
    note: Type.Optional(Type.String({ maxLength: recordingLimits.noteCharacters })),
    blows: Type.Optional(Type.Integer({ minimum: 1, maximum: recordingLimits.blows })),
  },
  strict,
);
type Wanted = Static<typeof wanted>;

const whatIf = Type.Object(
  { recording: Type.String({ maxLength: 64 }), settings: Type.Partial(fibreSettings, strict) },
  strict,
);
type WhatIf = Static<typeof whatIf>;

interface OfZone {
  readonly Params: { readonly zone: string };
}
interface OfRecording {
  readonly Params: { readonly zone: string; readonly recording: string };
}

const zonePath = "/api/v1/zones/:zone/vibration";

export function addVibrationRoutes(app: FastifyInstance, desk: Desk): void {
  const store = openStore(desk.dataDir);
  const recorder = createRecorder({
    ...desk,
    store,
    made: ({ zone, id, label, seconds, person }) =>
      desk.record(fact("recording.made", zone, { zone, recording: id, label, seconds, user: person })),
  });
  app.get<OfZone>(zonePath, async ({ params: { zone }, query }) => {
    const since = textOf(query, "since");
    if (since !== null && !Number.isFinite(Number(since)))
      throw refusal("api.invalid-query", "since", "no monotonic time in ms");
    const reply = await answer(desk, { kind: "vibration", zone, since: since === null ? null : Number(since) });
    return vibrationView(reply);
  });
  addRecordings(app, desk, { store, recorder });
  addComparisons(app, desk, store);
}

function addRecordings(
  app: FastifyInstance,
  desk: Desk,
  { store, recorder }: { readonly store: Store; readonly recorder: RecordingDesk },
): void {
  const path = `${zonePath}/recordings`;
  app.get<OfZone>(
    path,
    async ({ params: { zone } }): Promise<RecordingsView> => ({
      recordings: await store.list(zone),
      running: recorder.running(zone),
      lost: recorder.lost(zone),
    }),
  );
  app.post<OfZone & { Body: Wanted }>(path, { schema: { body: wanted } }, async (request, reply) => {
    const person = tuner(request, desk);
    const { label, seconds, note = "", blows = null } = request.body;
    void reply.code(201);
    return recorder.start(request.params.zone, { label, seconds, note, blows, person });
  });
  app.post<OfZone>(`${path}/stop`, async (request) => {
    tuner(request, desk);
    return recorder.stop(request.params.zone);
  });
  app.get<OfRecording>(`${path}/:recording`, async ({ params: { zone, recording } }, reply) => {
    const text = await store.text(zone, recording);
    void reply.type("application/x-ndjson; charset=utf-8");
    void reply.header("content-disposition", `attachment; filename="${zone}-${recording}.jsonl"`);
    return text;
  });
  app.delete<OfRecording>(`${path}/:recording`, async (request, reply) => {
    const user = tuner(request, desk);
    const { zone, recording } = request.params;
    await store.remove(zone, recording);
    desk.record(fact("recording.removed", zone, { zone, recording, user }));
    return reply.code(204).send();
  });
}

function addComparisons(app: FastifyInstance, desk: Desk, store: Store): void {
  const admits = perMinute(desk, tuningLimits.perMinute);
  const admit = (place: string) => {
    if (!admits()) throw refusal("api.throttled", place, `${tuningLimits.perMinute} in a minute`);
  };
  app.get<OfZone>(`${zonePath}/suggestion`, async ({ params: { zone }, query }) => {
    admit("suggestion");
    const { settings } = await answer(desk, { kind: "vibration", zone, since: desk.clock.mono() });
    const chosen = textOf(query, "recordings")?.split(",") ?? (await sound(store, zone));
    const recordings = await readAll(store, zone, chosen);
    const ids = recordings.map(({ head }) => head.id);
    return { zone, recordings: ids, present: settings, ...suggest(recordings, settings) } satisfies SuggestionView;
  });
  // It changes nothing, so who may look may ask.
  app.post<OfZone & { Body: WhatIf }>(
    `${zonePath}/what-if`,
    { schema: { body: whatIf }, config: { access: "reading" } },
    async ({ params: { zone }, body }) => {
      admit("what-if");
      const recording = await store.read(zone, body.recording);
      const settings = { ...recording.head.settings, ...body.settings } as FibreSettings;
      return whatIfView(recording, settings);
    },
  );
}

async function sound(store: Store, zone: string): Promise<readonly string[]> {
  return (await store.list(zone)).filter(({ head }) => head !== null).map(({ id }) => id);
}

/** @throws PortcullisError `recording.too-long` before more is read than may be judged at once */
async function readAll(store: Store, zone: string, ids: readonly string[]): Promise<readonly Recording[]> {
  const read: Recording[] = [];
  let values = 0;
  for (const id of new Set(ids)) {
    const recording = await store.read(zone, id);
    values += recording.head.values;
    if (values > tuningLimits.values)
      throw refusal("recording.too-long", id, `more than ${tuningLimits.values} values`);
    read.push(recording);
  }
  return read;
}

/** Name of who asks. @throws PortcullisError when he may not tune */
function tuner(request: FastifyRequest, desk: Desk): string {
  const { name, roles } = personOf(request, desk);
  if (!roles.some(mayRecord)) throw refusal("api.forbidden", request.routeOptions.url ?? "", roles.join());
  return name;
}
