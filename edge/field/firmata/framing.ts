// Cuts the bytes from a board into whole Firmata messages, between the wire and firmata-io, whose own parser does not
// resynchronise: a reset in mid-message or noise on the line would give plausible wrong values.

const sysexStart = 0xf0;
const sysexEnd = 0xf7;
const version = 0xf9;
/** The capabilities of 128 pins need some 2 KB. */
const messageBytesMax = 4096;

export interface Framing {
  /** Takes bytes as they come, returns the messages that they complete. */
  push(bytes: Uint8Array): readonly Uint8Array[];
  /** Forgets an unfinished message, after the connection is lost. */
  reset(): void;
}

/** `noise` is told how many bytes were dropped because they belong to no whole message. */
export function createFraming(noise: (bytes: number) => void): Framing {
  let message: number[] = [];

  function drop(): void {
    if (message.length > 0) noise(message.length);
    message = [];
  }

  /** True when `byte` completes the message. */
  function take(byte: number): boolean {
    if (byte === sysexEnd && message[0] === sysexStart) {
      message.push(byte);
      return true;
    }
    if (byte >= 0x80) drop();
    message.push(byte);
    if (!isStart(message[0] ?? 0) || message.length > messageBytesMax) drop();
    return message.length === 3 && message[0] !== sysexStart;
  }

  return {
    push(bytes) {
      const whole: Uint8Array[] = [];
      for (const byte of bytes) {
        if (!take(byte)) continue;
        whole.push(Uint8Array.from(message));
        message = [];
      }
      return whole;
    },
    reset() {
      message = [];
    },
  };
}

/** Analog and digital reports, the version, and sysex; a board sends nothing else. */
function isStart(byte: number): boolean {
  const kind = byte & 0xf0;
  return kind === 0xe0 || kind === 0x90 || byte === sysexStart || byte === version;
}
