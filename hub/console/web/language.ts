// The console's sentences in the reader's language.
import { sayFrom } from "../../../edge/page/language.js";
import { texts } from "./texts.js";

export { language, locale, named, switchLanguage, word } from "../../../edge/page/language.js";

/** A sentence of the page with its values filled in. */
export const say = sayFrom(texts);
