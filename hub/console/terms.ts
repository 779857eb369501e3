// Small shapes that the schemas of the HTTP API are made of.
import { Type } from "typebox";

export const words = <T extends string>(values: readonly T[]) => Type.Enum([...values]);
export const orNull = <T extends Type.TSchema>(shape: T) => Type.Union([shape, Type.Null()]);
export const time = Type.String({ format: "date-time" });
export const timeOrNull = orNull(time);
export const text = Type.Object({ zh: Type.String(), en: Type.String() });
export const stringOrNull = orNull(Type.String());
export const strict = { additionalProperties: false };
export const id = Type.String({ minLength: 1, maxLength: 128 });
/** Whose it is. */
export const place = { site: Type.String(), edge: Type.String() };
