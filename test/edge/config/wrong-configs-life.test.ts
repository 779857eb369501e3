// Wrong sites that endanger people: ways out, gas and emergency operation.
import { checkpoint, type Row, refuses, warehouse } from "./wrong-configs.js";

const waysOut: readonly Row[] = [
  {
    wrong: "A-08: an emergency exit in a group that lock-downs and postures close",
    edits: [["barriers: [yard-gate, staff-wings]", "barriers: [yard-gate, ^emergency-exit]"]],
    code: "config.safety",
    path: `${warehouse}.groups[0].barriers[1]`,
    says: /emergency-exit is declared emergency exit and may stand in no group/,
    remedy: /ways of escape and rescue stay free/,
  },
  {
    wrong: "A-40: a fire lane in a group that lock-downs and postures close",
    edits: [
      ["        dualOpen: true\n", "        keepFree: fire-lane\n"],
      ["barriers: [yard-gate, staff-wings]", "barriers: [^yard-gate, staff-wings]"],
    ],
    code: "config.safety",
    path: `${warehouse}.groups[0].barriers[0]`,
    says: /yard-gate is declared fire lane and may stand in no group/,
  },
  {
    wrong: "A-29: a passage lock without the fire panel's wiring",
    edits: [
      ["        releaseWired: true\n        releaseInside: true\n      - id: inner-door", "      - id: inner-door"],
    ],
    code: "config.safety",
    path: `${checkpoint}.barriers[2].releaseWired`,
    says: /Passage lock outer-door could trap people \(releaseWired\)/,
    remedy: /fire panel's own wiring must cut the lock's power/,
  },
  {
    wrong: "A-29: a passage lock whose wiring is declared absent",
    edits: [
      [
        "        releaseWired: true\n        releaseInside: true\n      - id: inner-door",
        "        releaseWired: ^false\n        releaseInside: true\n      - id: inner-door",
      ],
    ],
    code: "config.safety",
    path: `${checkpoint}.barriers[2].releaseWired`,
    says: /releaseWired = false; allowed: true/,
  },
  {
    wrong: "A-29: a passage lock without a release inside",
    edits: [["        releaseInside: true\n      - id: inner-door", "      - id: inner-door"]],
    code: "config.safety",
    path: `${checkpoint}.barriers[2].releaseInside`,
    says: /could trap people \(releaseInside\)/,
  },
  {
    wrong: "A-29: a passage lock that holds on fire",
    edits: [
      [
        "closed: outer-bolted\n        interlocks: []\n        travelMs: 500\n        warnMs: 0\n        clearMs: 500\n        onFire: open",
        "closed: outer-bolted\n        interlocks: []\n        travelMs: 500\n        warnMs: 0\n        clearMs: 500\n        onFire: ^hold",
      ],
    ],
    code: "config.safety",
    path: `${checkpoint}.barriers[2].onFire`,
    says: /could trap people \(onFire\)/,
    remedy: /onFire: open/,
  },
  {
    wrong: "a passage lock that stays locked without power",
    edits: [
      ["drive: { kind: lock, lock: exit-lock }", "drive: ^{ kind: relays, close: exit-lock, open: reserve-pump }"],
      ["kind: switch, point: reserve-pump", "kind: report, task: { zh: 抽水, en: Pump }"],
    ],
    code: "config.safety",
    path: `${warehouse}.barriers[2].drive`,
    says: /could trap people \(drive\)/,
    remedy: /locked by power and free without it/,
  },
  {
    wrong: "a gate that is driven like a lock",
    edits: [
      [
        "drive: { kind: relays, close: yard-gate-close, open: yard-gate-open }",
        "drive: ^{ kind: lock, lock: yard-gate-close }",
      ],
    ],
    code: "config.safety",
    path: `${warehouse}.barriers[0].drive`,
    says: /yard-gate is a sliding-gate; a lock cannot drive it/,
  },
  {
    wrong: "a gate that cannot say when it is open",
    edits: [["        open: yard-gate-opened\n", ""]],
    code: "config.safety",
    path: `${warehouse}.barriers[0].open`,
    says: /no open contact/,
  },
];

const gas: readonly Row[] = [
  {
    wrong: "A-83: an output that releases gas by its id",
    edits: [
      ["{ id: reserve-pump, direction", "{ id: ^archive-gas, direction"],
      ["kind: switch, point: reserve-pump", "kind: switch, point: archive-gas"],
    ],
    code: "config.safety",
    path: `${warehouse}.drivers[1].points[2].id`,
    says: /archive-gas looks like an output that releases extinguishing gas/,
    remedy: /The gas kills whoever is in the room.*Alarm and lock the passage instead/,
  },
  {
    wrong: "A-83: an output that releases gas by its address",
    edits: [
      [
        "{ id: yard-message, direction: out, node: ns=2;s=Radio.Text",
        "{ id: ^yard-message, direction: out, node: ns=2;s=Fm200Release",
      ],
    ],
    code: "config.safety",
    path: `${warehouse}.drivers[2].points[23].id`,
    says: /yard-message looks like/,
  },
  {
    wrong: "A-83: an annunciator that releases gas by its Chinese name",
    edits: [["- { id: strobe-only, name: { zh: 大厅频闪灯", "- { id: ^strobe-only, name: { zh: 档案室七氟丙烷"]],
    code: "config.safety",
    path: `${warehouse}.annunciators[1].id`,
    says: /strobe-only looks like/,
  },
  {
    wrong: "A-83: a held step that extinguishes",
    edits: [["- { id: pump, kind: switch", "- { id: ^inert-flood, kind: switch"]],
    code: "config.safety",
    path: `${warehouse}.responses[4].steps[0].id`,
    says: /inert-flood looks like/,
  },
  {
    wrong: "A-83: a channel that extinguishes",
    edits: [["en: Radio gateway }", "en: Halon valve }"]],
    code: "config.safety",
    path: `${warehouse}.channels[1].id`,
    says: /radio looks like/,
  },
];

const emergency: readonly Row[] = [
  {
    wrong: "A-81: emergency operation set off by one loop",
    edits: [
      [
        "on: [{ zones: [lane-1-rush, lane-2-rush] }]",
        "on: [{ zones: [lane-1-rush, lane-2-rush] }, ^{ cause: vehicle-present }]",
      ],
    ],
    code: "config.safety",
    path: `${checkpoint}.responses[9].on[1]`,
    says: /vehicle-present must not set off emergency operation/,
  },
  {
    wrong: "A-81: emergency operation set off by a pedestrian",
    edits: [["on: [{ zones: [lane-1-rush, lane-2-rush] }]", "on: [^{ zones: [lane-1-rush, lane-1-walk] }]"]],
    code: "config.safety",
    path: `${checkpoint}.responses[9].on[0]`,
    says: /lane-1-walk \(pedestrian-rush\) must not set off emergency operation/,
    remedy: /a pedestrian or one loop never/,
  },
  {
    wrong: "A-81: emergency operation set off by whatever stands in the lane's area",
    edits: [["on: [{ zones: [lane-1-rush, lane-2-rush] }]", "on: [^{ area: lane-1 }]"]],
    code: "config.safety",
    path: `${checkpoint}.responses[9].on[0]`,
    says: /lane-1-walk/,
  },
  {
    wrong: "A-81: emergency operation set off by a posture",
    edits: [["on: [{ zones: [lane-1-rush, lane-2-rush] }]", "on: [{ zones: [lane-1-rush] }, ^{ posture: level-1 }]"]],
    code: "config.safety",
    path: `${checkpoint}.responses[9].on[1]`,
    says: /level-1 must not/,
  },
  {
    wrong: "A-81: a rush told by one loop alone",
    edits: [["second: lane-1-approach-2", "second: ^lane-1-approach-1"]],
    code: "config.safety",
    path: `${checkpoint}.zones[5].second`,
    says: /Both inputs of lane-1-rush are the same point/,
    remedy: /one loop never makes a rush/,
  },
];

refuses([...waysOut, ...gas, ...emergency]);
