import Ajv from "ajv-draft-04";
import { type RecordedResource, type ResourceGraph, resourcesOfType } from "../engine/resource-graph.ts";
import { selectRouteKey } from "./route-selection.ts";

/** Whether API Gateway passes a message on to the route. */
export type MessageCheck = (body: string) => boolean;

/**
 * The check that a route's request models add up to: the model selection expression names one of them for each
 * message, and a message that its schema (JSON Schema draft 4) does not allow never reaches the function.
 * @throws {Error} that names a model whose schema cannot be used
 */
export function messageCheck(graph: ResourceGraph, { inputs }: RecordedResource): MessageCheck {
  const { apiId, modelSelectionExpression, requestModels = {} } = inputs;
  if (!modelSelectionExpression) return () => true;
  const checks = new Map(
    Object.entries<string>(requestModels).map(([key, modelName]) => [
      key,
      schemaCheck(graph, apiId, modelName),
    ]),
  );
  return (body) => {
    const key = selectRouteKey(modelSelectionExpression, body);
    const check = checks.get(key ?? "") ?? checks.get("$default");
    return check === undefined || check(body);
  };
}

function schemaCheck(graph: ResourceGraph, apiId: string, modelName: string): MessageCheck {
  const model = resourcesOfType(graph, "aws:apigatewayv2/model:Model").find(
    ({ inputs }) => inputs.apiId === apiId && inputs.name === modelName,
  );
  if (!model) throw new Error(`a route names the model ${modelName}, which the program does not declare`);
  const validate = compile(model);
  return (body) => validate(parsed(body)) === true;
}

function compile({ name, inputs }: RecordedResource) {
  try {
    return new Ajv.default({ strict: false }).compile(JSON.parse(inputs.schema));
  } catch (error) {
    throw new Error(`model "${name}": its schema cannot be used: ${(error as Error).message}`);
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
