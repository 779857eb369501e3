// Wrong sites that alarm late, seldom or unseen: entry times, confirmations and grades.
import { checkpoint, refuses, warehouse } from "./wrong-configs.js";

refuses([
  {
    wrong: "an entry time on a perimeter",
    edits: [["kind: perimeter, armedAtStart: true }", "kind: perimeter, armedAtStart: true, entryMs: ^20000 }"]],
    code: "config.safety",
    path: `${checkpoint}.areas[0].entryMs`,
    says: /quay must not wait for an entry time/,
  },
  {
    wrong: "an entry route over the perimeter",
    edits: [
      [
        "        kind: infrared-beam\n        point: quay-blocked",
        "        kind: infrared-beam\n        entryRoute: ^true\n        point: quay-blocked",
      ],
    ],
    code: "config.safety",
    path: `${checkpoint}.zones[1].entryRoute`,
    says: /quay-beam must not wait/,
  },
  {
    wrong: "A-18: a one-key alarm that waits for the entry time",
    base: "school",
    edits: [["        point: gate-post-button\n", "        point: gate-post-button\n        entryRoute: ^true\n"]],
    code: "config.safety",
    path: "edges[0].zones[4].entryRoute",
    says: /one-key-alarm must not wait/,
  },
  {
    wrong: "an entry time beyond 45 s",
    base: "school",
    edits: [["entryMs: 20000", "entryMs: ^60000"]],
    code: "config.schema",
    path: "edges[0].areas[2].entryMs",
    says: /entryMs = 60000; allowed: 0 to 45000 \(milliseconds\)/,
  },
  {
    wrong: "A-18: a panic button that waits for a partner",
    edits: [["zones: [quay-fibre, quay-beam]", "zones: [quay-fibre, ^booth-panic]"]],
    code: "config.safety",
    path: `${checkpoint}.confirmations[0].zones[1]`,
    says: /booth-panic \(panic-button\) counts alone/,
  },
  {
    wrong: "a fire input that waits for a partner",
    edits: [["zones: [quay-fibre, quay-beam]", "zones: [quay-fibre, ^fire-panel]"]],
    code: "config.safety",
    path: `${checkpoint}.confirmations[0].zones[1]`,
    says: /fire-panel \(fire-input\) counts alone/,
  },
  {
    wrong: "a tamper that waits for a partner",
    edits: [
      [
        "    zones:\n      # Relay of a fibre processor",
        "    confirmations: [{ id: both, zones: [^cabinet-tamper, hall-motion], needed: 2, withinMs: 9000 }]\n\n    zones:\n      # Relay of a fibre processor",
      ],
    ],
    code: "config.safety",
    path: `${warehouse}.confirmations[0].zones[0]`,
    says: /cabinet-tamper \(tamper\) counts alone/,
  },
  {
    wrong: "a confirmation that can never be complete",
    edits: [["needed: 2, withinMs: 30000", "needed: ^3, withinMs: 30000"]],
    code: "config.safety",
    path: `${checkpoint}.confirmations[0].needed`,
    says: /2 zones only/,
  },
  {
    wrong: "A-18: a panic button that falls silent after some soundings",
    base: "school",
    edits: [["        point: gate-post-button\n", "        point: gate-post-button\n        soundingsMax: ^3\n"]],
    code: "config.safety",
    path: "edges[0].zones[4].soundingsMax",
    says: /soundings of one-key-alarm must not be limited/,
  },
  {
    wrong: "A-01: a bare contact in an area of grade 3",
    base: "school",
    edits: [
      ["grade: 2\n", "grade: 3\n"],
      ["      - id: one-key-alarm", "      - ^id: one-key-alarm"],
    ],
    code: "config.safety",
    path: "edges[0].zones[4]",
    says: /one-key-alarm is a bare contact, unsupervised.*; grade 3 forbids it/,
    remedy: /end-of-line loop/,
  },
  {
    wrong: "A-01: a grade that does not exist",
    base: "school",
    edits: [["grade: 2\n", "grade: ^5\n"]],
    code: "config.schema",
    path: "edges[0].areas[2].grade",
    says: /grade = 5; allowed: 1 \| 2 \| 3 \| 4/,
  },
]);
