// The schemas as published files for editors: config/site.schema.json and config/hub.schema.json.
import { hubSchema } from "../hub.js";
import { siteSchema } from "./site.js";

/** Plain JSON by file name. */
export function jsonSchema(): Readonly<Record<"site.schema.json" | "hub.schema.json", unknown>> {
  const publish = (schema: object): unknown =>
    JSON.parse(JSON.stringify({ $schema: "http://json-schema.org/draft-07/schema#", ...schema }));
  return { "site.schema.json": publish(siteSchema), "hub.schema.json": publish(hubSchema) };
}
