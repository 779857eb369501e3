// What is said of keys, certificates and logins of secured field devices. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const keysTexts = {
  "field.certificate-untrusted": say(
    ["设备的证书不在信任列表中，未连接。", "The device's certificate is not trusted; nothing was connected."],
    [
      "与设备上显示的指纹核对一致后执行：portcullis keys trust 指纹 --data 目录。无需重启。",
      "Compare the fingerprint with the one that the device shows, then: portcullis keys trust FINGERPRINT --data DIR. No restart.",
    ],
  ),
  "field.certificate-invalid": say(
    ["设备的证书已过期、被吊销或无法核验。", "The device's certificate has expired, is revoked or cannot be checked."],
    [
      "更换设备证书；由机构签发的，将其吊销列表导入：portcullis keys trust 文件。",
      "Renew it on the device; for one that an authority issued, bring its revocation list: portcullis keys trust FILE.",
    ],
  ),
  "field.identity-refused": say(
    ["设备拒绝了主机的用户名、密码或证书。", "A device refused the box's user name, password or certificate."],
    [
      "核对设备上的用户；主机证书见 portcullis keys show，须在设备上设为信任。",
      "Check the user on the device; have it trust the box's certificate (portcullis keys show).",
    ],
  ),
  "field.secret-unusable": say(
    ["登录密码缺失，或密码文件可被他人读取。", "A password is missing, or others could read its file."],
    ["执行 portcullis keys password 驱动 --data 目录。", "Run portcullis keys password DRIVER --data DIR."],
  ),
  "field.keys-unwritable": say(
    ["密钥或证书无法写入磁盘。", "Keys or certificates cannot be stored."],
    ["清理或更换存储介质；主机会自动重试。", "Free or replace the medium; the box tries again by itself."],
  ),
  "field.interval-revised": say(
    [
      "设备的刷新间隔大于配置值，时限证明不成立。",
      "A device publishes more slowly than configured; the timing proof does not hold.",
    ],
    [
      "在设备上调小间隔，或修改 publishingMs、samplingMs 后重新检查。",
      "Lower it on the device, or raise publishingMs or samplingMs and check again.",
    ],
  ),
  "keys.unknown": say(
    ["没有找到该证书。", "There is no such certificate."],
    ["用 portcullis keys list 查看指纹。", "See the fingerprints with portcullis keys list."],
  ),
  "keys.ambiguous": say(
    ["该指纹对应多张证书。", "More than one certificate fits."],
    ["给出更长的指纹，或用 --driver 指定驱动。", "Give more of the fingerprint, or name the driver with --driver."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
