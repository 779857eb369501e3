// What is probably wrong with a wire, in words: one entry per case that the diagnosis knows. Placeholders in braces.
import type { Text } from "../../model/text.js";

export interface CaseWords {
  readonly tone: "good" | "warn" | "alert";
  /** What is seen and what it means. */
  readonly seen: Text;
  /** What to do next. */
  readonly next: Text;
}

type Pair = readonly [zh: string, en: string];
const row = (tone: CaseWords["tone"], [zh, en]: Pair, [zhNext, enNext]: Pair): CaseWords => ({
  tone,
  seen: { zh, en },
  next: { zh: zhNext, en: enNext },
});

export const wiringCases = {
  // no signal at all
  "driver-down": row(
    "alert",
    ["设备 {driver} 未连接，收不到任何信号。", "The device {driver} is not connected; no signal comes."],
    ["检查其供电、网线和地址。", "Check its power, its cable and its address."],
  ),
  "not-heard": row(
    "warn",
    ["启动后尚未收到该点位的信号。", "Nothing was heard of this point since the start."],
    [
      "触发一次探测器；若仍无信号，核对接线端子和地址。",
      "Trigger the detector once; if nothing comes, compare terminal and address.",
    ],
  ),
  lost: row(
    "alert",
    ["信号丢失。", "The signal is lost."],
    ["检查该设备的供电、通信线和心跳。", "Check the device's power, line and heartbeat."],
  ),
  stale: row(
    "warn",
    ["只有保留的旧值，不能作为现状。", "There is only an old, kept value; it does not count as the present state."],
    ["触发一次探测器，使其发送新值。", "Trigger the detector so that it sends a fresh value."],
  ),
  tampered: row(
    "alert",
    ["设备报告被拆动。", "The device reports tampering."],
    ["合上外壳并检查安装。", "Close its case and check how it is mounted."],
  ),
  "out-of-range": row(
    "alert",
    ["设备报告超出量程。", "The device reports a value out of range."],
    ["检查传感器和量程。", "Check the sensor and its range."],
  ),
  "wrong-type": row(
    "alert",
    ["该点位的值是 {seen}，与防区所需不符。", "The point says {seen}, which is not what the zone reads."],
    [
      "核对点位类型：回路需要模拟量，触点需要开关量。",
      "Compare the point's type: a loop needs an analog value, a contact two states.",
    ],
  ),
  // loops with resistors
  "loop-rest": row(
    "good",
    ["应为 {rest}，实测 {seen}：静态正常。", "{rest} expected at rest, {seen} seen: as it should be."],
    ["触发探测器，应看到报警区。", "Trigger the detector: the alarm band must be reached."],
  ),
  "loop-alarm": row(
    "warn",
    [
      "静态应为 {rest}，实测 {seen}：两个电阻串联，报警触点已断开，或触点的常开/常闭接反。",
      "{rest} expected at rest, {seen} seen: both resistors in series. The alarm contact is open, or normally open and normally closed are swapped.",
    ],
    [
      "关好门、离开探测区；若不恢复，把线改接到探测器的常闭（NC）端子，报警电阻与触点并联。",
      "Shut the door and leave the detector's view; if it stays, move the wire to the NC terminal, with the alarm resistor across the contact.",
    ],
  ),
  "loop-alarm-masked": row(
    "warn",
    ["实测 {seen}：报警与遮挡触点都已断开。", "{seen} seen: the alarm contact and the mask contact are both open."],
    ["清除遮挡并离开探测区。", "Uncover the detector and leave its view."],
  ),
  "loop-masked": row(
    "alert",
    [
      "静态应为 {rest}，实测 {seen}：遮挡或故障触点断开。",
      "{rest} expected at rest, {seen} seen: the mask or fault contact is open.",
    ],
    ["清除探测器前的遮挡；核对其故障输出。", "Uncover the detector; look at its fault output."],
  ),
  "loop-open": row(
    "warn",
    [
      "回路开路。该回路只有线尾电阻：触点断开、断线或缺少线尾电阻，三者看起来相同。",
      "The loop is open. With an end-of-line resistor only, an open contact, a cut wire and a missing resistor look alike.",
    ],
    ["关门后用万用表在主机端测量，应为 {rest}。", "Shut the door and measure at the box: {rest} must be read."],
  ),
  "loop-cut": row(
    "alert",
    [
      "回路开路：断线、端子松动，或缺少线尾电阻。",
      "The loop is open: a cut wire, a loose terminal, or no end-of-line resistor.",
    ],
    [
      "从主机端起逐段测量；在探测器端应测得 {rest}。",
      "Measure from the box outwards; at the detector {rest} must be read.",
    ],
  ),
  "loop-short": row(
    "alert",
    [
      "实测 {seen}：回路短路，或线尾电阻装在主机端、被触点短接。",
      "{seen} seen: the loop is shorted, or the end-of-line resistor sits where the contact bridges it.",
    ],
    [
      "断开一根线：若变为开路，短路在线缆上；电阻须装在探测器内。",
      "Take one wire off: if it then reads open, the short is in the cable. The resistor belongs into the detector.",
    ],
  ),
  "loop-inverted": row(
    "alert",
    [
      "读数与静态值上下对称：回路接到了电源侧，而不是接地侧。",
      "The reading is the mirror image of rest: the loop is wired to the supply instead of to ground.",
    ],
    ["交换上拉电阻与回路的位置。", "Change the places of pull-up and loop."],
  ),
  "loop-end-bridged": row(
    "alert",
    [
      "实测 {seen}，等于报警电阻单独的值：线尾电阻被短接或漏装。",
      "{seen} seen, the alarm resistor alone: the end-of-line resistor is bridged or missing.",
    ],
    ["在探测器内检查线尾电阻 {rest}。", "Look for the end-of-line resistor of {rest} in the detector."],
  ),
  "loop-parallel": row(
    "alert",
    ["实测 {seen}：两个电阻并联而不是串联。", "{seen} seen: the two resistors are in parallel instead of in series."],
    [
      "线尾电阻与触点串联，报警电阻跨接在触点两端。",
      "Put the end-of-line resistor in series and the alarm resistor across the contact.",
    ],
  ),
  "loop-two-parallel": row(
    "alert",
    [
      "实测 {seen}，为 {rest} 的一半：一个输入上并接了两个线尾电阻。",
      "{seen} seen, half of {rest}: two end-of-line resistors in parallel on one input.",
    ],
    ["一个回路只留一个线尾电阻。", "Leave one end-of-line resistor in the loop."],
  ),
  "loop-two-series": row(
    "alert",
    [
      "实测 {seen}，为 {rest} 的两倍：回路里串了两个线尾电阻。",
      "{seen} seen, twice {rest}: two end-of-line resistors in series.",
    ],
    ["只在最后一个探测器内保留线尾电阻。", "Leave the one in the last detector only."],
  ),
  "loop-other-set": row(
    "alert",
    [
      "静态应为 {rest}，实测 {seen}，接近标准值 {near}：可能用了另一套电阻。",
      "{rest} expected at rest, {seen} seen, close to {near}: perhaps another maker's resistors.",
    ],
    [
      "核对电阻色环；若确为另一套电阻，换电阻或修改下列设置之一。",
      "Read the resistors' colours; if one is another maker's, replace it or change the setting of that one below.",
    ],
  ),
  "loop-leak": row(
    "alert",
    [
      "实测 {seen}，低于 {rest}：相当于并联了 {extra}，多为接头进水或绝缘破损。",
      "{seen} seen, below {rest}: as if {extra} lay across it, most often a wet splice or damaged insulation.",
    ],
    ["检查接线盒和线缆绝缘。", "Look into the junction boxes and at the insulation."],
  ),
  "loop-series": row(
    "alert",
    [
      "实测 {seen}，高于 {rest}：多出 {extra}，多为端子锈蚀、线过长或电阻不符。",
      "{seen} seen, above {rest}: {extra} too much, a corroded terminal, a very long wire or a wrong resistor.",
    ],
    ["拧紧端子并量线路电阻。", "Tighten the terminals and measure the line."],
  ),
  "raw-beyond": row(
    "alert",
    [
      "读数 {seen} 超过满量程 {full}：板卡的分辨率与设置不符。",
      "The reading {seen} is beyond full scale {full}: the board has another resolution than the setting says.",
    ],
    ["10 位板为 1023，12 位板为 4095。", "A 10-bit board has 1023, a 12-bit board 4095."],
  ),
  unsteady: row(
    "warn",
    ["读数不稳定，在几类之间跳动。", "The reading does not settle and jumps between bands."],
    [
      "端子松动或有干扰：拧紧端子，检查屏蔽和接地。",
      "A loose terminal or interference: tighten it, check shield and earth.",
    ],
  ),
  // bare contacts
  "contact-rest": row(
    "good",
    ["输入为 {seen}，平时{normally}：静态。", "The input is {seen}, normally {normally}: at rest."],
    ["触发探测器，此处应变为动作。", "Trigger the detector: it must become active here."],
  ),
  "contact-active": row(
    "warn",
    [
      "输入为 {seen}，平时{normally}：探测器处于动作状态。若门已关好、探测区内无人，则常开/常闭接反或设置相反。",
      "The input is {seen}, normally {normally}: the detector is active. If the door is shut and nothing is in its view, normally open and normally closed are swapped, in the wiring or in the setting.",
    ],
    [
      "先确认现场确为静态；再改接端子，或将“触点平时状态”改为{other}。",
      "Make sure that it is at rest; then move the wire, or set the contact at rest to {other}.",
    ],
  ),
  chatter: row(
    "warn",
    ["触点在短时间内多次跳动。", "The contact changed many times within seconds."],
    [
      "端子松动或触点抖动：拧紧接线，必要时设置消抖。",
      "A loose terminal or a bouncing contact: tighten it, set a debounce if need be.",
    ],
  ),
  floats: row(
    "warn",
    [
      "输入在跳动，且没有上拉：悬空的输入会随意变化。",
      "The input jumps and has no pull-up: a floating input says anything.",
    ],
    ["接上拉电阻，或打开上拉设置。", "Wire a pull-up resistor, or switch the pull-up on."],
  ),
  // other inputs of a zone
  "side-quiet": row(
    "good",
    ["输入为 {seen}：正常。", "The input is {seen}: quiet."],
    ["人为触发一次以确认。", "Trigger it once to make sure."],
  ),
  "side-tamper": row(
    "alert",
    [
      "防拆触点动作：外壳打开，或触点常开/常闭接反。",
      "The tamper contact is active: the case is open, or the contact is wired the other way round.",
    ],
    ["合上外壳；若不恢复，改接触点。", "Close the case; if it stays, wire the contact the other way."],
  ),
  "side-mask": row("alert", ["遮挡触点动作。", "The mask contact is active."], ["清除遮挡。", "Uncover the detector."]),
  "side-broken": row(
    "alert",
    ["处理器报告断纤。", "The processor reports the fibre broken."],
    ["用光时域反射仪查找断点。", "Find the break with a reflectometer."],
  ),
  "side-on": row(
    "good",
    ["输入为 {seen}。", "The input is {seen}."],
    ["触发一次，值应改变。", "Trigger it once: the value must change."],
  ),
  // measured values
  "limit-inside": row(
    "good",
    ["测量值 {seen} 在限值之内。", "The measured value {seen} is within its limits."],
    ["与现场仪表比对。", "Compare it with an instrument on site."],
  ),
  "limit-above": row(
    "warn",
    ["测量值 {seen} 高于上限 {limit}。", "The measured value {seen} is above the limit {limit}."],
    ["核对传感器或修改上限。", "Compare the sensor, or change the limit."],
  ),
  "limit-below": row(
    "warn",
    ["测量值 {seen} 低于下限 {limit}。", "The measured value {seen} is below the limit {limit}."],
    ["核对传感器或修改下限。", "Compare the sensor, or change the limit."],
  ),
  level: row(
    "good",
    ["收到电平数据，{seen}。", "Blocks of level samples come, {seen}."],
    ["轻敲围栏，电平应升高。", "Knock on the fence: the level must rise."],
  ),
  output: row(
    "good",
    ["输出，最近为 {seen}。", "An output, {seen} at last."],
    ["由处置或步行测试动作。", "It is switched by responses and by tests."],
  ),
} as const satisfies Readonly<Record<string, CaseWords>>;
export type WiringCase = keyof typeof wiringCases;
