import Ajv from "ajv-draft-04";
import { generatedName } from "../generated-name.ts";
import { idOf } from "../identifiers.ts";
import { matching, required } from "../property-checks.ts";
import type { ResourceType } from "../resource-type.ts";
import { apiCalls } from "./api-calls.ts";

/** It keeps no schema, as two APIs may have models of one id. */
const ajv = new Ajv.default({ strict: false, addUsedSchema: false });
const maxSchemaBytes = 32 * 1024;

/** A schema that messages are checked against. */
export const model: ResourceType = {
  type: "aws:apigatewayv2/model:Model",
  generatedName,
  create: (resource) => ({ id: idOf(resource, 6), outputs: {} }),
  replacedBy: ["apiId"],
  taken: {
    properties: ["apiId", "name"],
    answer: ({ outputs: { name } }) => `ConflictException: Model name already exists for this Api: ${name}`,
  },
  rules: [
    {
      name: "model-name",
      check: required(
        "name",
        matching(/^[A-Za-z0-9]{1,128}$/),
        (name) =>
          `BadRequestException: Model name must be alphanumeric: ${name} (and have up to 128 characters)`,
      ),
    },
    {
      name: "model-schema",
      check: ({ inputs: { schema } }) => {
        try {
          ajv.compile(JSON.parse(schema));
          return undefined;
        } catch (error) {
          const { message } = error as Error;
          return {
            property: "schema",
            value: schema,
            answer: `must be a JSON schema of draft 4: ${message}`,
          };
        }
      },
    },
    {
      name: "model-size",
      check: ({ inputs: { schema } }) => {
        const bytes = Buffer.byteLength(schema);
        return bytes > maxSchemaBytes
          ? { property: "schema in bytes", value: bytes, answer: `must be at most ${maxSchemaBytes}` }
          : undefined;
      },
    },
  ],
  deployment: [apiCalls],
};
