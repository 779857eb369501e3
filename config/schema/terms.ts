// The small parts that every schema is made of: names, times, addresses, tagged choices. Start of the path: file -> schema -> checks.
import { type Static, type TProperties, type TSchema, Type } from "typebox";

/** True when both types are the same once `readonly` and intersections are flattened away. */
export type Same<A, B> =
  (<T>() => T extends Plain<A> ? 1 : 2) extends <T>() => T extends Plain<B> ? 1 : 2 ? true : false;
type Plain<T> = T extends readonly (infer E)[]
  ? readonly Plain<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T;

/** Compile error when a schema and the model's type drift apart, in either direction. */
export type Assert<T extends true> = T;

const hourMs = 3_600_000;

export function closed<P extends TProperties>(properties: P, description?: string) {
  return Type.Object(properties, {
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });
}

/** A choice among closed objects that the property `kind` tells apart, so that errors speak of the chosen one only. */
export function choice<S extends readonly TSchema[]>(...schemas: S) {
  return Type.Unsafe<Static<S[number]>>({
    type: "object",
    discriminator: { propertyName: "kind" },
    oneOf: [...schemas],
  });
}

/** Milliseconds; the key that carries them ends in `Ms`. */
export function ms(description: string, minimum = 1, maximum = hourMs) {
  return Type.Integer({ minimum, maximum, description: `${description} Milliseconds.` });
}

/** An id: part of topics, record ids and certificate names, hence neither dots nor slashes. */
export function id(description = "Unique within the box.") {
  return Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$", description });
}

export function line(description: string, maxLength = 256) {
  return Type.String({ minLength: 1, maxLength, pattern: "^[^\\u0000-\\u001f]+$", description });
}

/** An MQTT topic without wildcards. */
export function topic(description: string) {
  return Type.String({ minLength: 1, maxLength: 256, pattern: "^[^+#\\u0000-\\u0020]+$", description });
}

export function list<S extends TSchema>(items: S, minItems = 0, maxItems = 256) {
  return Type.Array(items, { minItems, maxItems });
}

/** Ids of other things, each once. */
export function ids(description: string, minItems = 0) {
  return Type.Array(id(description), { minItems, maxItems: 64, uniqueItems: true });
}

export const port = Type.Integer({ minimum: 1, maximum: 65_535, description: "TCP port." });
export const host = Type.String({ pattern: "^[A-Za-z0-9.:-]{1,253}$", description: "Host name or address." });
export const text = closed({ zh: line("中文。", 120), en: line("English.", 120) }, "A name in Chinese and English.");
export const whole = (description: string, minimum: number, maximum: number) =>
  Type.Integer({ minimum, maximum, description });
export const ratio = (description: string, minimum: number, maximum: number) =>
  Type.Number({ minimum, maximum, description });
export const flag = (description: string) => Type.Boolean({ description });
