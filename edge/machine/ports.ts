// The ports through which our own code reaches the machine. Simulation hands in others; nothing else reads time or opens files.
import type { MonoMs, Stamp } from "../model/time.js";

/** Both clocks. `mono` is cheap; `now` also reads the wall clock and its trust. */
export interface Clock {
  mono(): MonoMs;
  now(): Stamp;
}

/** Calls `run` once when the monotonic clock reaches `at` (never early); the returned function cancels. */
export interface Timer {
  at(at: MonoMs, run: () => void): () => void;
}

/** Randomness; `bytes` is fit for keys and salts. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** An open file for appending in place. Offsets and lengths are bytes. */
export interface DiskFile {
  write(offset: number, bytes: Uint8Array): Promise<void>;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Data and length are on the medium when it resolves (fdatasync). A rejection is fatal to this file. */
  sync(): Promise<void>;
  size(): Promise<number>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

/** A folder of files. Names are relative. Rejections carry the system's `code` (ENOSPC, EROFS, EIO ...). */
export interface Disk {
  open(name: string, mode: "create" | "append" | "read"): Promise<DiskFile>;
  list(): Promise<readonly string[]>;
  rename(from: string, to: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** The folder's own entries are on the medium when it resolves. */
  syncFolder(): Promise<void>;
  freeBytes(): Promise<number>;
}

/** One connection to a hub; implemented over MQTT and by the simulated network. Payloads are UTF-8 JSON. */
export interface Link {
  connect(events: LinkEvents): void;
  /** Resolves when the peer's transport has taken it; that is no acknowledgement. */
  publish(topic: string, payload: string, options?: { retain?: boolean }): Promise<void>;
  close(): Promise<void>;
}

export interface LinkEvents {
  /** Connected and subscribed. */
  up(): void;
  down(reason: string): void;
  /** `retained`: the broker kept it from earlier; a retained command is refused. */
  message(topic: string, payload: string, retained: boolean): void;
}

/** How this process is, for whoever runs it. */
export interface ServiceState {
  /** It does what it is there for. */
  readonly ready: boolean;
  /** Found by looking at the work itself; while it is false the service manager's watchdog runs down. */
  readonly alive: boolean;
  /** One line for people. */
  readonly status: string;
}

/** The service manager that started this process (systemd), or nobody. Never throws, never blocks. */
export interface Service {
  /** Called again and again, at least twice within the watchdog's time. */
  tell(state: ServiceState): void;
  stopping(): void;
}
