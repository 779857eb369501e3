// Inventory 台账: every device with place, plan, maker and maintenance; changed one by one or as a whole table.
import { ask, type Field } from "../../../page/ask.js";
import { type Child, h } from "../../../page/dom.js";
import { language, named, pair, sayFrom } from "../../../page/language.js";
import { type Tone, toned } from "../../../page/tone.js";
import { type DetailKey, detailKeys } from "../../inventory/details.js";
import type { InventoryRow } from "../../inventory/rows.js";
import { classTexts, columnTexts, dueTexts, kindText } from "../../inventory/words.js";
import type { InventoryView } from "../../routes/inventory.js";
import type { Context } from "../context.js";
import type { Section } from "../sections.js";

const texts = {
  ...columnTexts,
  reading: { zh: "正在读取台账……", en: "Reading the inventory ..." },
  revision: { zh: "配置版本 {n}，设备 {count} 件", en: "Configuration revision {n}, {count} devices" },
  dueList: { zh: "维护到期", en: "Maintenance due" },
  noneDue: { zh: "没有到期的维护。", en: "No maintenance is due." },
  exported: { zh: "导出 CSV", en: "Export CSV" },
  imported: { zh: "导入 CSV", en: "Import CSV" },
  taken: { zh: "已保存 {count} 件设备", en: "{count} devices saved" },
  change: { zh: "修改", en: "Change" },
  save: { zh: "保存", en: "Save" },
  maintenance: { zh: "维护", en: "Maintenance" },
  type: { zh: "厂家 / 型号 / 序列号", en: "Maker / model / serial" },
  where: { zh: "位置 / 图纸", en: "Place / plan" },
} as const;
const say = sayFrom(texts);

const dueTones: Readonly<Record<InventoryRow["due"], Tone>> = {
  due: "alert",
  planned: "good",
  unknown: "warn",
  none: "idle",
};

interface Saved extends InventoryView {
  readonly changed: readonly string[];
}

let inventory: InventoryView | null = null;
let askedAt = Number.NEGATIVE_INFINITY;
const freshMs = 30_000;

function refresh(context: Context): void {
  askedAt = performance.now();
  void context.attempt(async () => {
    inventory = await context.call<InventoryView>("GET", "inventory");
    context.redraw();
  });
}

function save(context: Context, body: object): void {
  void context.attempt(async () => {
    const saved = await context.call<Saved>("PUT", "inventory", body);
    inventory = saved;
    context.tell(say("taken", { count: saved.changed.length }));
    context.redraw();
  });
}

function fieldOf(row: InventoryRow, key: DetailKey): Field {
  const value = String(row[key] ?? "");
  return { name: key, label: columnTexts[key][language()], value, optional: true };
}

async function change(context: Context, row: InventoryRow): Promise<void> {
  const answer = await ask({
    title: named(row.name),
    body: row.device,
    confirm: say("save"),
    danger: false,
    reason: null,
    fields: detailKeys.map((key) => fieldOf(row, key)),
  });
  if (answer === null) return;
  const given = detailKeys.map((key) => {
    const text = answer.value(key);
    return [key, key === "intervalDays" ? (text === "" ? null : Number(text)) : text] as const;
  });
  save(context, { devices: [{ device: row.device, ...Object.fromEntries(given) }] });
}

const joined = (...parts: readonly string[]) => parts.filter((part) => part !== "").join(" / ") || "–";

function maintenance(row: InventoryRow): readonly Child[] {
  const every = row.everyDays === null ? "" : pair(say("intervalDays"), String(row.everyDays));
  const runs =
    row.cycles === null
      ? ""
      : pair(say("cycles"), `${row.cycles}${row.serviceCycles === null ? "" : ` / ${row.serviceCycles}`}`);
  const next = row.dueOn === "" ? "" : pair(say("dueOn"), row.dueOn);
  const last = row.lastServicedOn === "" ? "" : pair(say("lastServicedOn"), row.lastServicedOn);
  const lines = [every, last, next, runs].filter((line) => line !== "");
  return [toned(dueTones[row.due], named(dueTexts[row.due])), ...lines.map((line) => h("div", {}, line))];
}

function lineOf(row: InventoryRow, context: Context): HTMLElement {
  const cell = (label: string, ...children: readonly Child[]) =>
    h("td", { "data-label": label }, h("div", {}, ...children));
  const kind = joined(...new Set([classTexts[row.class][language()], kindText(row)[language()]]));
  return h(
    "tr",
    { "data-key": row.device },
    h("th", { scope: "row" }, named(row.name), h("small", {}, ` ${row.device}`)),
    cell(say("kind"), kind, row.impactRating !== null && h("div", {}, row.impactRating)),
    cell(say("where"), joined(row.areaName === null ? "" : named(row.areaName), row.place, row.plan)),
    cell(say("type"), joined(row.maker, row.model, row.serial)),
    cell(say("maintenance"), ...maintenance(row)),
    h(
      "td",
      { "data-label": "" },
      context.person !== null &&
        h(
          "button",
          {
            type: "button",
            onclick: () => void change(context, row),
            "aria-label": pair(say("change"), named(row.name)),
          },
          say("change"),
        ),
    ),
  );
}

function importing(context: Context): HTMLElement {
  const onchange = (event: Event) => {
    const input = event.currentTarget;
    const file = input instanceof HTMLInputElement ? input.files?.[0] : undefined;
    if (!(input instanceof HTMLInputElement) || file === undefined) return;
    void file.text().then((csv) => {
      input.value = "";
      save(context, { csv });
    });
  };
  return h(
    "label",
    { class: "button file" },
    say("imported"),
    h("input", { type: "file", accept: ".csv,text/csv", onchange }),
  );
}

function dueCard({ devices, due }: InventoryView): HTMLElement {
  const rows = devices
    .filter((row) => row.due === "due")
    .map((row) =>
      h("li", { "data-key": row.device }, h("span", {}, named(row.name)), toned("alert", row.dueOn || say("cycles"))),
    );
  const body = rows.length === 0 ? toned("good", say("noneDue")) : h("ul", { class: "rows" }, ...rows);
  return h(
    "section",
    { "data-key": "inventory-due", class: "card", "aria-labelledby": "inventory-due-title", "data-count": due.length },
    h("h2", { id: "inventory-due-title" }, say("dueList")),
    body,
  );
}

function view(context: Context): readonly HTMLElement[] {
  if (performance.now() - askedAt > freshMs) refresh(context);
  if (inventory === null) return [h("p", { "data-key": "reading" }, say("reading"))];
  const columns = [say("name"), say("kind"), say("where"), say("type"), say("maintenance")];
  const heads = columns.map((column) => h("th", { scope: "col" }, column));
  const rows = inventory.devices.map((row) => lineOf(row, context));
  const buttons = h(
    "div",
    { class: "buttons" },
    h("a", { class: "button", href: `/api/v1/inventory.csv?lang=${language()}`, download: "" }, say("exported")),
    context.person !== null && importing(context),
  );
  return [
    dueCard(inventory),
    h(
      "section",
      { "data-key": "inventory", class: "card" },
      h("p", {}, say("revision", { n: inventory.revision, count: inventory.devices.length })),
      buttons,
      h("table", { class: "wide" }, h("thead", {}, h("tr", {}, ...heads, h("td"))), h("tbody", {}, ...rows)),
    ),
  ];
}

export const deviceInventory: Section = {
  id: "inventory",
  part: "commissioning",
  title: { zh: "台账", en: "Inventory" },
  view,
};
