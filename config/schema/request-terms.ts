// Small shapes that the schemas of requests to box and hub are made of.
import { Type } from "typebox";

export const words = <T extends string>(values: readonly T[]) => Type.Enum([...values]);
export const orNull = <T extends Type.TSchema>(shape: T) => Type.Union([shape, Type.Null()]);
export const strict = { additionalProperties: false };
export const id = Type.String({ minLength: 1, maxLength: 128 });
