// Wrong walk tests: a chirp that would be believed, that is not there, or that switches something else.
import { type Row, refuses } from "./wrong-configs.js";

const chirp = "chirp: { kind: annunciator, annunciator: buzzer, ms: 200 }";
const everyOf = "everyOf: [{ kind: passive-infrared, everyMs: 7776000000 }]";

const rows: readonly Row[] = [
  {
    wrong: "A-32: an evacuation announcement that chirps",
    base: "school",
    edits: [[chirp, "chirp: { kind: annunciator, annunciator: ^evacuation, ms: 200 }"]],
    code: "config.safety",
    path: "edges[0].walkTest.chirp.annunciator",
    says: /must not chirp by the evacuation announcement/,
    remedy: /buzzer or a siren/,
  },
  {
    wrong: "a chirp by an annunciator that is not there",
    base: "school",
    edits: [[chirp, "chirp: { kind: annunciator, annunciator: ^buzer, ms: 200 }"]],
    code: "config.reference",
    path: "edges[0].walkTest.chirp.annunciator",
    says: /no annunciator buzer; did you mean buzzer/,
  },
  {
    wrong: "a chirp by an output that does something else",
    base: "school",
    edits: [[chirp, "chirp: { kind: point, point: dialler, ms: 200 }"]],
    code: "config.safety",
    path: "edges[0].walkTest.chirp.point",
    says: /dialler already serves another output/,
  },
  {
    wrong: "a chirp that lasts as long as an alarm",
    base: "school",
    edits: [[chirp, "chirp: { kind: annunciator, annunciator: buzzer, ms: ^90000 }"]],
    code: "config.schema",
    path: "edges[0].walkTest.chirp.ms",
    says: /2000/,
  },
  {
    wrong: "A-18: a panic button that would be walked",
    base: "school",
    edits: [[everyOf, "everyOf: [{ kind: ^panic-button, everyMs: 7776000000 }]"]],
    code: "config.schema",
    path: "edges[0].walkTest.everyOf[0].kind",
    says: /panic-button/,
  },
];

refuses(rows);
