// portcullis commission: people and work at a running box; one file per subcommand in commission/.
import { Command } from "commander";
import { actCommand } from "./commission/act.js";
import { barrierCommand } from "./commission/barrier.js";
import { inventoryCommand } from "./commission/inventory.js";
import { loginCommand } from "./commission/login.js";
import { peopleCommand } from "./commission/people.js";
import { pointsCommand } from "./commission/points.js";
import { reportCommand } from "./commission/report.js";
import { settingsCommand } from "./commission/settings.js";
import { testCommand } from "./commission/test.js";
import { vibrationCommand } from "./commission/vibration.js";
import { walkCommand } from "./commission/walk.js";
import { wiringCommand } from "./commission/wiring.js";

const commands = [
  peopleCommand,
  loginCommand,
  pointsCommand,
  wiringCommand,
  settingsCommand,
  actCommand,
  walkCommand,
  testCommand,
  vibrationCommand,
  barrierCommand,
  reportCommand,
  inventoryCommand,
];

export function commissionCommand(): Command {
  const commission = new Command("commission").description(
    "people, points and acts at the box itself 现场调试与本机操作",
  );
  for (const each of commands) commission.addCommand(each());
  return commission;
}
