// portcullis commission: people and work at a running box; one file per subcommand in commission/. Only the named one is loaded:
// the report and the inventory read what the others do not need.
import { Command } from "commander";

const commands: Readonly<Record<string, () => Promise<Command>>> = {
  people: async () => (await import("./commission/people.js")).peopleCommand(),
  login: async () => (await import("./commission/login.js")).loginCommand(),
  points: async () => (await import("./commission/points.js")).pointsCommand(),
  wiring: async () => (await import("./commission/wiring.js")).wiringCommand(),
  settings: async () => (await import("./commission/settings.js")).settingsCommand(),
  act: async () => (await import("./commission/act.js")).actCommand(),
  walk: async () => (await import("./commission/walk.js")).walkCommand(),
  test: async () => (await import("./commission/test.js")).testCommand(),
  vibration: async () => (await import("./commission/vibration.js")).vibrationCommand(),
  barrier: async () => (await import("./commission/barrier.js")).barrierCommand(),
  report: async () => (await import("./commission/report.js")).reportCommand(),
  inventory: async () => (await import("./commission/inventory.js")).inventoryCommand(),
};

/** `subcommand` as it was typed; all of them when it names none, as for the help. */
export async function commissionCommand(subcommand = ""): Promise<Command> {
  const commission = new Command("commission").description(
    "people, points and acts at the box itself 现场调试与本机操作",
  );
  for (const [name, load] of Object.entries(commands))
    if (name === subcommand || !Object.hasOwn(commands, subcommand)) commission.addCommand(await load());
  return commission;
}
