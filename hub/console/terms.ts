// Small shapes that the schemas of the HTTP API are made of.
import { Type } from "typebox";
import { orNull } from "../../config/schema/request-terms.js";

export { id, orNull, strict, words } from "../../config/schema/request-terms.js";

export const time = Type.String({ format: "date-time" });
export const timeOrNull = orNull(time);
export const text = Type.Object({ zh: Type.String(), en: Type.String() });
export const stringOrNull = orNull(Type.String());
/** Whose it is. */
export const place = { site: Type.String(), edge: Type.String() };
