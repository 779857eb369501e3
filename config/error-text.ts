// The form of what an error code says to a person: what it is and what to do about it, in both languages.
import type { Text } from "../edge/model/text.js";

export interface ErrorText {
  readonly message: Text;
  readonly remedy: Text;
}

/** `[message zh, message en]` and `[remedy zh, remedy en]`. */
type Pair = readonly [zh: string, en: string];
export const say = ([zh, en]: Pair, [zhRemedy, enRemedy]: Pair): ErrorText => ({
  message: { zh, en },
  remedy: { zh: zhRemedy, en: enRemedy },
});
