// A tone from the reader's own device. Browsers allow it only after a touch, so it is switched on by one.
let audio: AudioContext | null = null;

const toneHz = 1_760;
const toneSeconds = 0.18;
const loudness = 0.6;
const vibrateMs = 120;

/** To be called from a touch or a key. */
export function switchToneOn(): void {
  audio ??= new AudioContext();
  void audio.resume();
}

export function hasTone(): boolean {
  return audio !== null && audio.state === "running";
}

/** `hz`: lower for what went wrong. */
export function beep(hz = toneHz): void {
  navigator.vibrate?.(vibrateMs);
  if (audio === null || !hasTone()) return;
  const tone = new OscillatorNode(audio, { type: "square", frequency: hz });
  const gain = new GainNode(audio, { gain: loudness });
  tone.connect(gain).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + toneSeconds);
}
