// Wrong sites whose word goes nowhere: fallbacks, channels and outputs with two tasks.
import { refuses, warehouse } from "./wrong-configs.js";

refuses([
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
]);
