// What is said of the keys between boxes and their hub. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const enrolmentTexts = {
  "keys.authority-missing": say(
    [
      "平台没有签发机构的私钥，不能登记主机或换发证书；已有证书不受影响。",
      "The hub has no usable authority key: it can neither enrol boxes nor renew certificates. Those that are out still count.",
    ],
    [
      "把 ca.pem 和 ca.key（权限 0600）放入数据目录的 pki/，或执行 portcullis keys hub。",
      "Put ca.pem and ca.key (mode 0600) into pki/ of the data folder, or make them: portcullis keys hub.",
    ],
  ),
  "keys.authority-unknown": say(
    ["无法确认对方是本平台，未发送任何内容。", "The hub could not be told from a stranger; nothing was sent."],
    [
      "核对登记码旁的指纹：--fingerprint；或用 --ca 给出平台的 ca.pem。",
      "Compare the fingerprint that came with the code (--fingerprint), or give the hub's ca.pem with --ca.",
    ],
  ),
  "keys.code-refused": say(
    ["登记码错误、已过期或已使用。", "The enrolment code is wrong, over, or was used."],
    [
      "请管理员为该主机生成新的登记码（15 分钟内有效）。",
      "Have an administrator make a new one for this box; it counts for 15 minutes.",
    ],
  ),
  "keys.expiring": say(
    ["主机证书即将到期，尚未换发。", "The box's certificate ends soon and could not be renewed."],
    [
      "检查与平台的连接和平台的签发机构；到期后须重新登记：portcullis keys enrol。",
      "Check the link and the hub's authority; once it has ended the box must be enrolled anew: portcullis keys enrol.",
    ],
  ),
  "keys.missing": say(
    ["主机没有可用的平台证书。", "The box has no usable certificate for its hub."],
    ["在主机上执行 portcullis keys enrol；无需重启。", "Run portcullis keys enrol on the box; no restart is needed."],
  ),
  "keys.hub-missing": say(
    ["数据目录中没有平台的密钥和证书。", "This data folder has no keys and certificates of a hub."],
    [
      "先执行 portcullis keys hub --data 目录 --host 平台主机名。",
      "Run portcullis keys hub --data DIR --host NAME first.",
    ],
  ),
  "keys.register-damaged": say(
    ["平台的证书登记文件损坏。", "A file of the hub's certificate register is damaged."],
    [
      "从备份恢复该文件；在此之前不启动，以免放行已吊销的证书。",
      "Restore it from the backup; until then nothing that was revoked may slip in.",
    ],
  ),
  "keys.renewal-refused": say(
    [
      "平台未换发主机证书；现有证书继续使用。",
      "The hub did not renew the box's certificate; the present one stays in use.",
    ],
    ["查看平台记录中的原因；主机会再次申请。", "See the reason in the hub's records; the box asks again."],
  ),
  "keys.request-invalid": say(
    ["证书申请无效。", "The request for a certificate is not valid."],
    [
      "用 portcullis keys enrol 生成申请（P-256）；续期须用现有密钥签名。",
      "Make it with portcullis keys enrol (P-256); a renewal is signed by the present key.",
    ],
  ),
  "keys.too-many": say(
    ["证书或登记码数量已达上限。", "There are too many certificates or codes."],
    ["吊销不再使用的证书，或等待旧登记码到期。", "Revoke what is not in use, or wait until old codes are over."],
  ),
} satisfies Partial<Readonly<Record<ErrorCode, ErrorText>>>;
