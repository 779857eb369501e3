// Schema of a wired panel, the same as the types in edge/model/panel.ts.
import { type Static, Type } from "typebox";
import type { PanelConfig } from "../../edge/model/panel.js";
import { type Assert, closed, id, ids, list, type Same } from "./terms.js";

const key = closed(
  {
    point: id("Input: true while the key stands at armed."),
    areas: ids("Area that the key arms and disarms.", 1),
  },
  "A key switch. Only a turn that is seen live and lasts 0.1 s is an order: the position in which it is found after a start, after a lost line or by a retained value does nothing. What is prevented leaves the areas as they are, raises area.arm-failed with the obstacles and makes the armed lamp blink.",
);

const lamps = closed(
  {
    armed: Type.Optional(
      id(
        "Output. Steady: every area of the keys is armed (without keys: every area). Blinking: only some are, an entry or exit time runs, or arming was prevented. Off: disarmed.",
      ),
    ),
    ready: Type.Optional(
      id("Output. Steady: every area of the keys is armed, or would be if the key were turned now."),
    ),
    alarm: Type.Optional(
      id("Output. Blinking: an alarm that nobody has acknowledged. Steady: all are acknowledged, not all are reset."),
    ),
    fault: Type.Optional(
      id("Output. Blinking: a fault that nobody has taken on. Steady: each has somebody who sees to it."),
    ),
    lockDown: Type.Optional(
      id("Output. Steady: all that a lock-down holds is closed. Blinking: something of it is not closed."),
    ),
  },
  "Lamps. Blinking is 1 s on and 1 s off; slower on a driver that takes more than 0.5 s to confirm, and steady while its line is down.",
);

export const panel = Type.Object(
  {
    keys: Type.Optional(list(key, 1, 8)),
    silence: Type.Optional(id("Input: a button that silences what sounds; true while it is pressed.")),
    reset: Type.Optional(
      id("Input: a button that resets every alarm whose causes are gone; true while it is pressed."),
    ),
    lamps: Type.Optional(lamps),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    description:
      "A wired panel in the gatehouse. It orders as an operator, recorded with the issuer panel; nothing on it stands a lock-down down or takes a zone out.",
  },
);

export type PanelMatches = Assert<Same<Static<typeof panel>, PanelConfig>>;
