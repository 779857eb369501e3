// Checks requests to box and hub against their schemas. Query strings are text by nature; a body must have the right types itself.
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import { refusal } from "../../edge/model/error.js";

/** What an HTTP server says of the part that it has checked. */
export interface RequestPart {
  readonly schema: TSchema;
  readonly httpPart?: string;
}

/** Gives the checked value, with defaults, or the refusal that names the first fault's place. */
export function validatorOf({ schema, httpPart = "body" }: RequestPart) {
  const shape = Compile(schema);
  return (data: unknown) => {
    const value = httpPart === "querystring" ? Value.Convert(schema, Value.Default(schema, data)) : data;
    if (shape.Check(value)) return { value };
    const [fault] = shape.Errors(value);
    const place = `/${httpPart}${fault?.instancePath ?? ""}`;
    return { error: refusal("api.invalid-body", place, fault?.message ?? "") };
  };
}
