// The tables of demands that tests must show: where each is written, its own columns and its rows. The reporter adds "shown by".
import { requirements } from "./requirements.js";
import { securityRows } from "./security.js";

export interface Row {
  /** A test shows the row by naming this in its own name. */
  readonly id: string;
  /** One for each column of the table after the id. */
  readonly cells: readonly string[];
}

export interface Table {
  readonly page: URL;
  readonly title: string;
  /** File of the rows, for the reader of the page. */
  readonly source: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

export const tables: readonly Table[] = [
  {
    page: new URL("../requirements.md", import.meta.url),
    title: "Requirements and the tests that show them",
    source: "test/support/requirements.ts",
    columns: ["kind", "norm", "what is demanded"],
    rows: requirements.map(({ id, kind, norm, demand }) => ({ id, cells: [kind, norm, demand] })),
  },
  {
    page: new URL("../security.md", import.meta.url),
    title: "What must hold against attackers, and the tests that show it",
    source: "test/support/security.ts",
    columns: ["what holds"],
    rows: securityRows,
  },
];
