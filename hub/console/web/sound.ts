// Two short tones for a new alarm. Off until the reader turns it on.
const rememberedAs = "portcullis.sound";
const tones = [
  { hertz: 880, from: 0 },
  { hertz: 660, from: 0.2 },
];
const toneSeconds = 0.18;
let output: AudioContext | null = null;

export function isSoundOn(): boolean {
  return localStorage.getItem(rememberedAs) === "on";
}

export function switchSound(): void {
  localStorage.setItem(rememberedAs, isSoundOn() ? "off" : "on");
  if (isSoundOn()) chime();
}

/** Plays the tones when the reader has turned sound on. */
export function chime(): void {
  if (!isSoundOn()) return;
  output ??= new AudioContext();
  for (const { hertz, from } of tones) {
    const source = new OscillatorNode(output, { frequency: hertz });
    const volume = new GainNode(output, { gain: 0.2 });
    source.connect(volume).connect(output.destination);
    source.start(output.currentTime + from);
    source.stop(output.currentTime + from + toneSeconds);
  }
}
