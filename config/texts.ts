// What every error code says to a person and what to do about it, in both languages. Read by pages, API and command line.
import type { ErrorCode } from "../edge/model/error.js";
import { apiTexts } from "./api-texts.js";
import { driveTexts } from "./drive-texts.js";
import { enrolmentTexts } from "./enrolment-texts.js";
import { type ErrorText, say } from "./error-text.js";
import { hubTexts } from "./hub-texts.js";
import { journalTexts } from "./journal-texts.js";
import { keysTexts } from "./keys-texts.js";
import { machineTexts } from "./machine-texts.js";
import { peopleTexts } from "./people-texts.js";
import { recordingTexts } from "./recording-texts.js";
import { replacementTexts } from "./replacement-texts.js";
import { reportTexts } from "./report-texts.js";
import { settingsTexts } from "./settings-texts.js";
import { testTexts } from "./test-texts.js";

/** One entry per code; the compiler refuses a missing one. */
export const errorTexts: Readonly<Record<ErrorCode, ErrorText>> = {
  ...journalTexts,
  ...keysTexts,
  ...peopleTexts,
  ...replacementTexts,
  ...settingsTexts,
  ...testTexts,
  ...driveTexts,
  ...machineTexts,
  ...recordingTexts,
  ...reportTexts,
  ...apiTexts,
  ...hubTexts,
  ...enrolmentTexts,
  "config.unreadable": say(
    ["配置文件无法读取。", "The configuration file cannot be read."],
    ["检查路径、权限和大小（上限 1 MiB）。", "Check path, permissions and size (at most 1 MiB)."],
  ),
  "config.syntax": say(
    ["配置文件不是有效的 YAML。", "The configuration file is not valid YAML."],
    ["修改所指的行；注意缩进、引号和重复的键。", "Mend the line named; mind indentation, quotes and repeated keys."],
  ),
  "config.schema": say(
    ["配置项不符合规定。", "A setting is not of the required form."],
    [
      "按提示的允许值修改；编辑器可使用 config/site.schema.json。",
      "Use what is allowed; editors can read config/site.schema.json.",
    ],
  ),
  "config.reference": say(
    ["配置引用了不存在或不适用的对象。", "The configuration names something that does not exist or does not fit."],
    ["改正该标识，或补充被引用的对象。", "Correct the id, or add what it names."],
  ),
  "config.duplicate": say(
    ["标识或物理地址重复。", "An id or a physical address is used twice."],
    ["每个标识和每个物理地址只能使用一次。", "Use each id and each physical address once."],
  ),
  "config.timing": say(
    ["最坏情况下无法按时完成处置步骤。", "In the worst case a step cannot be done in time."],
    [
      "缩短各项时间，或更换更快的设备；时限由标准规定时不得放宽。",
      "Shorten a term or use a faster device; a deadline set by a norm may not be widened.",
    ],
  ),
  "config.safety": say(
    ["配置违反安全规则。", "The configuration breaks a safety rule."],
    ["按提示修改；生命安全优先于防范。", "Change it as told; life comes before security."],
  ),
  "config.edge-unknown": say(
    ["配置中没有这台主机。", "The configuration holds no box of this id."],
    ["用 --edge 指定配置中已有的主机标识。", "Give --edge the id of a box in the file."],
  ),
  "config.not-newer": say(
    ["配置版本不高于正在运行的版本。", "The revision is not higher than the one in force."],
    ["在当前版本上修改，并提高 revision。", "Make the change on top of the file in force and raise its revision."],
  ),
  "field.payload-invalid": say(
    ["现场设备发来的报文无法识别。", "A field device sent a payload that cannot be read."],
    [
      "核对点位的报文格式、路径和开关值。",
      "Compare payload, path, on and off of the point with what the device sends.",
    ],
  ),
  "field.payload-oversize": say(
    ["现场设备发来的报文过大。", "A field device sent a payload that is too large."],
    ["缩短数据块，或检查设备是否异常。", "Send shorter blocks, or check whether the device is sound."],
  ),
  "field.topic-refused": say(
    ["设备访问了未授权的主题。", "A device used a topic that is not its own."],
    [
      "核对设备的主题配置；若非本站设备，按入侵处理。",
      "Check the device's topics; if it is not yours, treat it as an attack.",
    ],
  ),
  "field.login-refused": say(
    ["现场设备登录被拒绝。", "A field device's login was refused."],
    [
      "核对设备标识、密码（field-credentials.json）或证书（field-pki）。",
      "Check its id, its password (field-credentials.json) or its certificate (field-pki).",
    ],
  ),
  "field.dates-unchecked": say(
    ["时钟尚未校准，证书有效期未核对。", "The clock was never set, so a certificate's dates were not checked."],
    ["校准主机时钟；此后的新连接会核对有效期。", "Set the box's clock; dates count again for new connections."],
  ),
  "field.quality-bad": say(
    ["设备报告数据质量不良。", "A device reports bad quality."],
    ["检查设备及其传感器接线。", "Check the device and the wiring of its sensor."],
  ),
  "field.noise": say(
    ["串行数据受到干扰。", "Noise was seen in the serial data."],
    ["检查电缆屏蔽、接地和供电。", "Check the cable's shield, the earth and the supply."],
  ),
  "field.unreachable": say(
    ["现场设备无法连接。", "A field device cannot be reached."],
    ["检查设备供电、网络和地址。", "Check its power, the network and its address."],
  ),
  "field.write-refused": say(
    ["设备拒绝执行输出。", "A device refused an output."],
    ["检查设备状态和写入权限。", "Check the device's state and the right to write."],
  ),
  "field.write-unconfirmed": say(
    ["输出未得到设备确认。", "An output was not confirmed by the device."],
    ["到现场确认输出状态，检查接线。", "See on site what the output does and check the wiring."],
  ),
  "field.no-gpio": say(
    ["本机没有可用的 GPIO。", "This machine offers no usable GPIO."],
    ["核对芯片标签，并将运行用户加入 gpio 组。", "Check the chip's label and put the service's user in group gpio."],
  ),
  "field.line-busy": say(
    ["GPIO 线路被其他程序占用。", "Another program holds the GPIO line."],
    ["用 portcullis gpio list 查找占用者并停止。", "Find the holder with portcullis gpio list and stop it."],
  ),
  "field.line-unknown": say(
    ["芯片上没有这条 GPIO 线路。", "The chip has no such GPIO line."],
    ["用 portcullis gpio list 核对线路名称或编号。", "Compare name or offset with portcullis gpio list."],
  ),
  "field.edges-lost": say(
    ["GPIO 变化过快，部分边沿丢失。", "A GPIO line changed too fast; some of its edges were lost."],
    ["检查触点抖动和屏蔽，或设置 debounceUs。", "Check for a bouncing contact and its shield, or set debounceUs."],
  ),
  "journal.torn-tail": say(
    ["日志末尾不完整，已截去未写完的记录。", "The journal's tail was torn; the unfinished record was cut off."],
    [
      "断电后属正常现象；若反复出现，检查电源和存储。",
      "Normal after a power cut; if it recurs, check power and storage.",
    ],
  ),
  "journal.corrupt": say(
    ["日志记录损坏。", "A journal record is damaged."],
    [
      "保全数据目录，更换存储介质，并核对平台副本。",
      "Preserve the data folder, replace the medium, compare with the hub's copy.",
    ],
  ),
  "journal.disk-full": say(
    ["日志空间不足。", "The journal has no space left."],
    ["清理磁盘或增大配额；报警处置不受影响。", "Free the disk or raise the quota; acting on alarms goes on."],
  ),
  "journal.sync-failed": say(
    ["日志写盘失败。", "The disk refused to store the journal."],
    ["立即检查并更换存储介质。", "Check and replace the medium at once."],
  ),
  "journal.chain-broken": say(
    ["日志哈希链断裂，记录可能被篡改。", "The journal's hash chain is broken; a record may have been altered."],
    ["保全数据目录，用平台副本比对并调查。", "Preserve the data folder, compare with the hub's copy and investigate."],
  ),
  "journal.queue-full": say(
    ["待写日志过多，遥测记录已丢弃并计数。", "Too many records wait for the disk; telemetry was dropped and counted."],
    ["检查存储速度和磁盘健康；报警处置不受影响。", "Check the medium's speed and health; acting on alarms goes on."],
  ),
  "journal.volatile": say(
    [
      "没有可写磁盘，日志暂存内存，断电即失。",
      "No disk can be written; the journal is kept in memory and lost at power-off.",
    ],
    ["立即更换存储介质；报警仍会上传。", "Replace the medium at once; alarms still go up."],
  ),
  "journal.worker-died": say(
    ["日志进程异常退出，正在重启。", "The journal's worker ended unexpectedly and is restarted."],
    ["若反复出现，检查内存和存储。", "If it recurs, check memory and storage."],
  ),
  "journal.signature-wrong": say(
    ["签名与日志记录不符，记录可能被伪造。", "A signature does not fit the records; a record may have been forged."],
    [
      "保全数据目录和公钥，用平台副本比对并调查。",
      "Preserve the data folder and the public key, compare with the hub's copy and investigate.",
    ],
  ),
  "journal.unsigned": say(
    ["日志末尾有过多记录未经签名。", "Too many records at the journal's end are not signed."],
    [
      "用 --heads 与平台记录比对；检查签名密钥是否可用。",
      "Compare with the hub by --heads; check whether the signing key can be used.",
    ],
  ),
  "journal.hub-differs": say(
    ["平台保存的记录与本日志不同。", "The hub has another record than this journal."],
    ["保全两份数据并调查。", "Preserve both and investigate."],
  ),
  "journal.tail-cut": say(
    ["平台有本日志没有的记录，日志末尾被截去。", "The hub has records that this journal lacks; its tail was cut off."],
    ["保全数据目录，从平台取回缺失的记录。", "Preserve the data folder and take the missing records from the hub."],
  ),
  "journal.key-unusable": say(
    ["无法读取或保存日志密钥。", "A key of the journal can be neither read nor stored."],
    [
      "检查密钥文件的路径、内容和权限（0600）；在此之前不签名存证，报警处置不受影响。",
      "Check the key file's path, content and mode (0600); until then nothing is signed, acting on alarms goes on.",
    ],
  ),
  "journal.key-missing": say(
    [
      "缺少加密区域的密钥，此前的加密记录无法读取。",
      "The key of the encrypted areas is missing; their earlier records cannot be read.",
    ],
    [
      "将密钥文件放回配置的路径并重启；主机继续值守，新记录照常加密保存。",
      "Put the key file back at the configured path and restart; the box guards on, new records are stored encrypted.",
    ],
  ),
  "uplink.unreachable": say(
    ["无法连接平台；本地照常报警和处置。", "The hub cannot be reached; alarms and responses go on locally."],
    ["检查网络和平台地址；记录会在恢复后补传。", "Check network and address; records follow when it is back."],
  ),
  "uplink.message-invalid": say(
    ["平台发来的消息无法识别。", "The hub sent a message that cannot be read."],
    ["核对主机与平台的版本。", "Compare the versions of box and hub."],
  ),
  "intake.record-invalid": say(
    ["主机上传的记录无效，已隔离。", "A box sent an invalid record; it was set aside."],
    ["核对该主机的版本和证书。", "Check that box's version and certificate."],
  ),
  "intake.chain-forked": say(
    ["同一序号出现两份不同记录，日志链分叉。", "Two different records claim the same number: the chain is forked."],
    ["检查是否有克隆或被恢复的主机，并调查。", "Look for a cloned or restored box and investigate."],
  ),
  "intake.gap": say(
    ["上传的记录不连续。", "Records are missing from the sequence."],
    ["主机会从缺口处重传；若持续，检查其日志。", "The box resends from the gap; if it lasts, check its journal."],
  ),
  "command.expired": say(
    ["命令已过期，未执行。", "The command came too late and was not carried out."],
    ["确认现场情况后重新下达。", "See how things stand and give it again."],
  ),
  "command.replayed": say(
    ["命令重复，已拒绝。", "The command was seen before and was refused."],
    [
      "如确需执行，请重新下达；若非本人操作，立即上报。",
      "Give a new one if needed; if it was not you, report it at once.",
    ],
  ),
  "command.unknown-target": say(
    ["命令的对象不存在。", "The command names something that does not exist."],
    ["从列表中选择对象。", "Choose the target from the list."],
  ),
  "command.needs-two-persons": say(
    ["该操作须两人共同确认。", "This act needs two persons."],
    ["请另一名有权限的人员确认。", "Have a second authorised person confirm."],
  ),
  "command.not-allowed": say(
    ["无权执行该操作。", "You may not do this."],
    ["请有权限的人员操作。", "Ask a person with the right to do it."],
  ),
  "command.not-possible": say(
    ["当前状态下不能执行该操作。", "This cannot be done in the present state."],
    ["查看设备状态和联锁原因。", "Look at the device's state and its interlocks."],
  ),
  "command.declined": say(
    ["第二人未同意。", "The second person did not agree."],
    ["与该人员商议后重新申请。", "Talk to that person, then ask again."],
  ),
  "command.on-site-only": say(
    ["该操作只能在现场本机上进行。", "This can be done only on site, at the box itself."],
    ["到现场登录主机页面后操作。", "Go there and do it on the box's own page."],
  ),
  "alarm.protected": say(
    [
      "该类报警不允许搁置或停用：紧急、火警、防拆、入侵、失守和步骤超时。",
      "Alarms of this class cannot be put aside: panic, fire, tamper, intrusion, unguarded and missed steps.",
    ],
    ["处置原因；探测器检修须两人批准停用。", "See to the cause; to repair a detector two persons take it out."],
  ),
  "arming.prevented": say(
    ["无法布防：有防区或设备未就绪。", "It cannot arm: a zone or a device is not ready."],
    [
      "按列表逐项恢复；确需布防时，先隔离或旁路该防区。",
      "Put right what the list names; where it must arm all the same, isolate or inhibit that zone first.",
    ],
  ),
};
