// Checks requests against the API's schemas. Query strings are text by nature; a body must have the right types itself.
import type { FastifyRouteSchemaDef } from "fastify/types/schema.js";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import { refusal } from "../../edge/model/error.js";

/** Gives the checked value, with defaults, or the refusal that names the first fault's place. */
export function validatorOf({ schema, httpPart = "body" }: FastifyRouteSchemaDef<TSchema>) {
  const shape = Compile(schema);
  return (data: unknown) => {
    const value = httpPart === "querystring" ? Value.Convert(schema, Value.Default(schema, data)) : data;
    if (shape.Check(value)) return { value };
    const [fault] = shape.Errors(value);
    return { error: refusal("api.invalid-body", `/${httpPart}${fault?.instancePath ?? ""}`, fault?.message ?? "") };
  };
}
