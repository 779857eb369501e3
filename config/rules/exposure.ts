// What others could reach, and what the disk must keep free. Rules 1 and 10.
import type { EdgeConfig } from "../../edge/model/site.js";
import { type Finding, type Path, unsafe } from "../trouble.js";

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A plain listener that others could reach. */
export function exposed(path: Path, host: string): Finding[] {
  if (isLoopback(host)) return [];
  return [
    unsafe(
      path,
      {
        zh: `${host} 可从本机以外访问，但该端口未加密。`,
        en: `${host} can be reached from outside, but this port is not encrypted.`,
      },
      {
        zh: "请使用 127.0.0.1；需要对外开放时在前面设置 TLS 代理。",
        en: "Use 127.0.0.1; to open it, put a TLS proxy in front.",
      },
    ),
  ];
}

/** Plain listeners beyond this machine. */
export function exposureFindings(edge: EdgeConfig): Finding[] {
  const brokers = edge.drivers.flatMap((driver, index) =>
    driver.kind === "mqtt" && driver.broker && !driver.broker.tls
      ? exposed(["drivers", index, "broker", "host"], driver.broker.host)
      : [],
  );
  return [...exposed(["http", "host"], edge.http.host), ...brokers];
}

/** The journal keeps a part of its quota for alarms. */
export function reserveFindings({ journal }: EdgeConfig): Finding[] {
  if (journal.reserveMiB < journal.quotaMiB) return [];
  return [
    unsafe(
      ["journal", "reserveMiB"],
      {
        zh: `预留 ${journal.reserveMiB} MiB 不小于配额 ${journal.quotaMiB} MiB。`,
        en: `The reserve of ${journal.reserveMiB} MiB is not below the quota of ${journal.quotaMiB} MiB.`,
      },
      { zh: "减小 reserveMiB 或增大 quotaMiB。", en: "Lower reserveMiB or raise quotaMiB." },
    ),
  ];
}
