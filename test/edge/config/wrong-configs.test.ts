// Dangerous or senseless sites made by hand from the examples: each is refused with line, column, path, code, message and remedy.
import { describe, expect, it } from "vitest";
import { type Edit, example, spoil, troublesOf } from "./spoil.js";

interface Row {
  readonly wrong: string;
  readonly base?: "office" | "school";
  readonly edits: readonly Edit[];
  readonly code: string;
  readonly path: string;
  readonly says: RegExp;
  readonly remedy?: RegExp;
}

const checkpoint = "edges[0]";
const warehouse = "edges[1]";

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

const arming: readonly Row[] = [
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
];

const escalation: readonly Row[] = [
  {
    wrong: "fallbacks that run in a circle",
    base: "school",
    edits: [
      [
        "- { id: dial-again, kind: notify, channel: dialler-110, withinMs: 20000, fallback: { announce: buzzer } }",
        "- { id: dial-again, kind: notify, channel: dialler-110, withinMs: 20000, fallback: { step: ^hub } }",
      ],
    ],
    code: "config.safety",
    path: "edges[0].responses[2].steps[4].fallback.step",
    says: /circle: dial-again -> hub/,
  },
  {
    wrong: "a step that is its own fallback",
    base: "school",
    edits: [["fallback: { step: dial-again }", "fallback: { step: ^hub }"]],
    code: "config.safety",
    path: "edges[0].responses[2].steps[2].fallback.step",
    says: /circle/,
  },
  {
    wrong: "a fallback in another response",
    base: "school",
    edits: [["fallback: { step: dial-again }", "fallback: { step: ^release }"]],
    code: "config.safety",
    path: "edges[0].responses[2].steps[2].fallback.step",
    says: /release belongs to another response, fire-release/,
  },
  {
    wrong: "a fallback that is nowhere",
    base: "school",
    edits: [["fallback: { step: dial-again }", "fallback: { step: ^dial-agian }"]],
    code: "config.reference",
    path: "edges[0].responses[2].steps[2].fallback.step",
    says: /no step of this response dial-agian; did you mean dial-again\?/,
  },
  {
    wrong: "A-51: one way out only for notifications",
    base: "school",
    edits: [
      [
        "{ id: dialler-110, name: { zh: 电话拨号器, en: Telephone dialler }, kind: output, point: dialler, payload: on }",
        "{ id: dialler-110, name: { zh: 电话拨号器, en: Telephone dialler }, kind: hub }",
      ],
      [
        "- { id: hub, kind: notify, channel: district-hub, withinMs: 20000 }",
        "- { id: hub, kind: notify, channel: ^district-hub, withinMs: 20000 }",
      ],
    ],
    code: "config.safety",
    path: "edges[0].responses[0].steps[1].channel",
    says: /one way out only, district-hub/,
    remedy: /at least two independent channels/,
  },
  {
    wrong: "a channel that does not exist",
    base: "school",
    edits: [["channel: dialler-110, withinMs: 60000", "channel: ^dialer-110, withinMs: 60000"]],
    code: "config.reference",
    path: "edges[0].responses[4].steps[3].channel",
    says: /no channel dialer-110; did you mean dialler-110\?/,
  },
  {
    wrong: "a channel by a hub that the box does not know",
    base: "school",
    edits: [
      ['    uplink: { hubs: ["mqtts://127.0.0.1:8883"] }\n', ""],
      ["en: District hub }, kind: hub }", "en: District hub }, kind: ^hub }"],
    ],
    code: "config.schema",
    path: "edges[0].channels[0].kind",
    says: /no uplink/,
  },
  {
    wrong: "a held output that drives a barrier",
    edits: [["kind: switch, point: reserve-pump", "kind: switch, point: ^yard-gate-open"]],
    code: "config.safety",
    path: `${warehouse}.responses[4].steps[0].point`,
    says: /yard-gate-open already serves another output/,
  },
  {
    wrong: "a fail-safe relay that is not wired",
    base: "office",
    edits: [["healthy: relay-healthy }", "healthy: ^relay-health }"]],
    code: "config.reference",
    path: "edges[0].failSafe.healthy",
    says: /no point relay-health; did you mean relay-healthy\?/,
  },
  {
    wrong: "a fail-safe relay that reads instead of switching",
    base: "office",
    edits: [["alarm: relay-no-alarm,", "alarm: ^panic,"]],
    code: "config.reference",
    path: "edges[0].failSafe.alarm",
    says: /panic is an input and cannot be written/,
  },
  {
    wrong: "a fail-safe relay that sounds as well",
    base: "office",
    edits: [["alarm: relay-no-alarm,", "alarm: ^siren,"]],
    code: "config.safety",
    path: "edges[0].failSafe.alarm",
    says: /siren already serves another output/,
  },
  {
    wrong: "one relay for two words",
    base: "office",
    edits: [["alarm: relay-no-alarm, healthy: relay-healthy", "alarm: relay-healthy, healthy: ^relay-healthy"]],
    code: "config.safety",
    path: "edges[0].failSafe.healthy",
    says: /relay-healthy already serves another output/,
  },
];

const plain: readonly Row[] = [
  {
    wrong: "an unreachable deadline",
    edits: [["mode: emergency,\n              withinMs: 8000", "mode: emergency,\n              withinMs: ^2999"]],
    code: "config.timing",
    path: `${checkpoint}.responses[9].steps[1].withinMs`,
    says: /blocker-2 needs 3000 ms in the worst case, more than 2999 ms: .*travel of blocker-2 1500/,
    remedy: /Save at least 1 ms/,
  },
  {
    wrong: "a lane watched for longer than its alarm may take",
    edits: [["annunciator: buzzer, withinMs: 25000", "annunciator: buzzer, withinMs: ^5000"]],
    code: "config.timing",
    path: `${checkpoint}.responses[2].steps[0].withinMs`,
    says: /filter of fire-lane-free 20000/,
  },
  {
    wrong: "a siren on the output that drives a gate",
    edits: [["points: [hall-siren, hall-strobe]", "points: [hall-siren, ^yard-gate-open]"]],
    code: "config.safety",
    path: `${warehouse}.annunciators[0].points[1]`,
    says: /yard-gate-open already serves another output/,
  },
  {
    wrong: "two listeners on one port",
    base: "school",
    edits: [["broker: { host: 127.0.0.1, port: 8984", "broker: { host: 127.0.0.1, port: ^8181"]],
    code: "config.duplicate",
    path: "edges[0].drivers[0].broker.port",
    says: /listening address 127\.0\.0\.1:8181 is used twice/,
  },
  {
    wrong: "an unknown point",
    edits: [["granted: turnstile-granted", "granted: ^turnstile-grant"]],
    code: "config.reference",
    path: `${warehouse}.zones[6].granted`,
    says: /no point turnstile-grant; did you mean turnstile-granted\?/,
  },
  {
    wrong: "an analog loop without its resistors",
    edits: [
      [
        "        point: hold-up-loop\n        loop: { pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700, fullScale: 1023, tolerance: 0.2 }\n",
        "        point: ^hold-up-loop\n",
      ],
    ],
    code: "config.reference",
    path: `${warehouse}.zones[8].point`,
    says: /hold-up-loop carries number; boolean is needed here/,
  },
  {
    wrong: "one id for a zone and a duty",
    base: "school",
    edits: [["- id: gate-patrol", "- id: ^fence-west"]],
    code: "config.duplicate",
    path: "edges[0].duties[1].id",
    says: /id fence-west is used twice/,
  },
  {
    wrong: "seconds with a fraction where milliseconds belong",
    base: "school",
    edits: [
      ["        tamper: west-cover\n        filterMs: 40\n", "        tamper: west-cover\n        filterMs: ^0.4\n"],
    ],
    code: "config.schema",
    path: "edges[0].zones[0].filterMs",
    says: /filterMs = 0\.4; allowed: a whole number \(milliseconds\)/,
    remedy: /whole number \(milliseconds\).*0\.4 s is 400/,
  },
  {
    wrong: "a time with its unit",
    base: "school",
    edits: [
      ["        tamper: west-cover\n        filterMs: 40\n", "        tamper: west-cover\n        filterMs: ^400 ms\n"],
    ],
    code: "config.schema",
    path: "edges[0].zones[0].filterMs",
    says: /filterMs = "400 ms"; allowed: a whole number \(milliseconds\)/,
    remedy: /without a unit: 400\./,
  },
  {
    wrong: "a contact that is filtered for too long",
    edits: [
      [
        "        point: hall-motion-loop\n        loop: { pullUpOhms: 4700, endOhms: 4700, alarmOhms: 4700, maskOhms: 9400, fullScale: 1023, tolerance: 0.15 }\n        filterMs: 100",
        "        point: hall-motion-loop\n        filterMs: ^5000",
      ],
    ],
    code: "config.schema",
    path: `${warehouse}.zones[3].filterMs`,
    says: /filterMs = 5000; allowed: 0 to 400/,
  },
  {
    wrong: "A-06: a kind of area that no norm names",
    edits: [["kind: archive, armedAtStart", "kind: ^cellar, armedAtStart"]],
    code: "config.schema",
    path: `${warehouse}.areas[2].kind`,
    says: /allowed: perimeter \| entrance \| gatehouse \| equipment-room \| control-room \| office \| buffer \| archive/,
  },
  {
    wrong: "a time zone that does not exist",
    base: "school",
    edits: [["timeZone: Asia/Shanghai", "timeZone: ^Asia/Shanghia"]],
    code: "config.schema",
    path: "edges[0].timeZone",
    says: /no time zone Asia\/Shanghia/,
  },
  {
    wrong: "a schedule that no time zone carries",
    base: "school",
    edits: [["    timeZone: Asia/Shanghai\n", ""]],
    code: "config.schema",
    path: "edges[0].areas[2].schedule",
    says: /a schedule but no timeZone/,
  },
  {
    wrong: "a schedule that does nothing",
    base: "school",
    edits: [['- { days: [6, 7], armAt: "20:00" }', "- ^{ days: [6, 7] }"]],
    code: "config.schema",
    path: "edges[0].areas[2].schedule[1]",
    says: /neither armAt nor disarmAt/,
  },
  {
    wrong: "an hour that no clock shows",
    base: "school",
    edits: [['armAt: "20:00"', 'armAt: ^"24:00"']],
    code: "config.schema",
    path: "edges[0].areas[2].schedule[1].armAt",
    says: /armAt = "24:00"/,
  },
  {
    wrong: "A-23: a door that may be held open for longer in a posture",
    edits: [["heldOpenRaisedMs: 15000", "heldOpenRaisedMs: ^60000"]],
    code: "config.schema",
    path: `${warehouse}.zones[5].heldOpenRaisedMs`,
    says: /60000 ms is longer than 30000 ms/,
  },
  {
    wrong: "A-35: a measured value without limits",
    edits: [["        high: 65\n", ""]],
    code: "config.schema",
    path: `${warehouse}.zones[12]`,
    says: /archive-damp has neither high nor low/,
  },
  {
    wrong: "A-35: limits between which nothing is normal",
    edits: [["        low: 5\n", "        low: ^27\n"]],
    code: "config.schema",
    path: `${warehouse}.zones[11].low`,
    says: /Between low 27 and high 28/,
  },
];

const rows = [...waysOut, ...gas, ...emergency, ...arming, ...escalation, ...plain];

describe("a dangerous or senseless site", () => {
  it.each(rows.map((row) => [row.wrong, row] as const))(
    "is refused with line, path and remedy: %s",
    (_wrong, { base, edits, code, path, says, remedy }) => {
      const { text, at } = spoil(example(base ?? "port"), ...edits);
      const troubles = troublesOf(text, "site.yaml");
      const trouble = troubles.find((each) => each.path === path);
      expect(trouble, troubles.map((each) => `${each.path}: ${each.message.en}`).join("\n")).toBeDefined();
      expect(trouble).toMatchObject({ code, place: `site.yaml:${trouble?.line}:${trouble?.column} ${path}` });
      expect(trouble?.message.en).toMatch(says);
      expect(trouble?.remedy.en).toMatch(remedy ?? /\w/);
      expect(trouble?.message.zh).toMatch(/[\u4e00-\u9fff]/);
      expect(trouble?.remedy.zh).toMatch(/[\u4e00-\u9fff]/);
      if (at !== null) expect([trouble?.line, trouble?.column]).toEqual(at);
    },
  );
});
