// What others could reach, and what the disk must keep free. Rules 1 and 10.
import type { EdgeConfig } from "../../edge/model/site.js";
import type { Text } from "../../edge/model/text.js";
import type { OpcuaDriverConfig } from "../../edge/model/wiring.js";
import { type Finding, type Path, unsafe, unwise } from "../trouble.js";

/** Whether an address is reachable from this machine only. A URL has IPv6 in brackets. */
export function isLoopback(host: string): boolean {
  return /^(localhost|::1|\[::1\]|127\.\d+\.\d+\.\d+)$/.test(host);
}

/** What to do about a port in clear, by what it is for. */
const remedies = {
  boxPages: {
    zh: "请使用 127.0.0.1；需要对外开放时设置 tls: {}，或在前面设置 TLS 代理。",
    en: "Use 127.0.0.1; to open it, set `tls: {}` or put a TLS proxy in front.",
  },
  hubPages: {
    zh: "请使用 127.0.0.1；需要对外开放时设置 tls: {}，或在前面设置 TLS 代理。",
    en: "Use 127.0.0.1; to open it, set `tls: {}` or put a TLS proxy in front.",
  },
  fieldBroker: {
    zh: "请使用 127.0.0.1；需要对外开放时设置 tls: {clients: certificate} 或 tls: {clients: password}。",
    en: "Use 127.0.0.1; to open it, set `tls: {clients: certificate}` or `tls: {clients: password}`.",
  },
  existingBroker: {
    zh: "请写成 mqtts://，并使用该服务器的 TLS 端口；mqtt:// 仅限本机。",
    en: "Write mqtts:// and the broker's TLS port; mqtt:// is for this machine only.",
  },
  webhook: {
    zh: "请写成 https://；http:// 仅限本机。",
    en: "Write https://; http:// is for this machine only.",
  },
} satisfies Readonly<Record<string, Text>>;

/** A port in clear that others could reach. */
export function exposed(purpose: keyof typeof remedies, path: Path, host: string): Finding[] {
  if (isLoopback(host)) return [];
  return [
    unsafe(
      path,
      {
        zh: `${host} 可从本机以外访问，但该端口未加密。`,
        en: `${host} can be reached from outside, but this port is not encrypted.`,
      },
      remedies[purpose],
    ),
  ];
}

/** Plain listeners beyond this machine. */
export function exposureFindings(edge: EdgeConfig): Finding[] {
  const brokers = edge.drivers.flatMap((driver, index) =>
    driver.kind === "mqtt" && driver.broker && !driver.broker.tls
      ? exposed("fieldBroker", ["drivers", index, "broker", "host"], driver.broker.host)
      : [],
  );
  return [...pageFindings(edge.http), ...brokers];
}

/** The pages carry PINs: beyond this machine only by TLS. */
function pageFindings({ host, tls }: EdgeConfig["http"]): Finding[] {
  if (tls === undefined) return exposed("boxPages", ["http", "host"], host);
  return (tls.cert === undefined) === (tls.key === undefined) ? [] : [halfPair(["http", "tls"])];
}

/** A certificate without its key, or the other way round. */
export function halfPair(path: Path): Finding {
  return {
    code: "config.schema",
    path,
    message: { zh: "证书和私钥须同时给出。", en: "Certificate and key belong together." },
    remedy: { zh: "同时设置 cert 和 key，或都不设置。", en: "Give both cert and key, or neither." },
  };
}

/** OPC UA without security where others can listen in, or with a login that only a secured channel carries. */
export function opcuaFindings({ drivers }: EdgeConfig): Finding[] {
  return drivers.flatMap((driver, index) =>
    driver.kind === "opcua" && driver.security.mode === "none" ? plainOpcua(driver, ["drivers", index]) : [],
  );
}

function plainOpcua({ endpoint, security }: OpcuaDriverConfig, path: Path): Finding[] {
  const remedy = {
    zh: "使用 mode: sign-and-encrypt，并用 portcullis keys 建立信任。",
    en: "Use mode: sign-and-encrypt, and portcullis keys to trust the device.",
  };
  if (security.userCertificate) {
    const message = { zh: "用户证书登录须使用加密通道。", en: "A login by certificate needs a secured channel." };
    return [unsafe([...path, "security", "userCertificate"], message, remedy)];
  }
  if (isLoopback(new URL(endpoint.replace(/^opc\.tcp:/, "http:")).hostname)) return [];
  const message = {
    zh: `到 ${endpoint} 的连接未加密也未认证：他人可以窃听密码、假冒设备。`,
    en: `${endpoint} is neither encrypted nor authenticated: others can read the password and pose as the device.`,
  };
  return [unwise([...path, "security", "mode"], message, remedy)];
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
