// What is said of recordings for tuning a vibration fibre. Part of the catalogue in texts.ts.
import type { ErrorCode } from "../edge/model/error.js";
import { type ErrorText, say } from "./error-text.js";

export const recordingTexts = {
  "recording.none": say(
    ["该防区没有正在进行的录制。", "Nothing is being recorded of this zone."],
    ["查看录音列表：可能已自动录满。", "Look at the list: it may have been complete already."],
  ),
  "recording.running": say(
    ["已有录制正在进行。", "A recording is running already."],
    ["等它结束，或先停止它。", "Wait for it to end, or stop it first."],
  ),
  "recording.silent": say(
    ["没有收到该防区的振动信号，未保存录音。", "The zone's level is not heard, so nothing was recorded."],
    [
      "检查振动光纤主机的供电、通信和点位质量后重试。",
      "Check the fibre processor's power and link and the point's quality, then try again.",
    ],
  ),
  "recording.full": say(
    ["录音存储已满。", "There is no room for another recording."],
    [
      "下载需要保留的录音，再删除最旧的；系统不会自动删除。",
      "Download what you want to keep and delete the oldest; none is deleted by itself.",
    ],
  ),
  "recording.unwritable": say(
    ["录音无法写入磁盘。", "The recording could not be written."],
    ["检查磁盘空间和存储介质后重新录制。", "Check the disk's space and health, then record again."],
  ),
  "recording.damaged": say(
    ["录音文件损坏或不是录音。", "The file is damaged or is no recording."],
    ["删除该文件并重新录制。", "Delete it and record again."],
  ),
  "recording.too-long": say(
    ["所选录音合计过长。", "The recordings are too long together."],
    ["删除不需要的录音，或只选其中几段。", "Delete what is not needed, or choose some of them."],
  ),
} satisfies Partial<Record<ErrorCode, ErrorText>>;
