import Ajv from "ajv-draft-04";
import { type RecordedResource, type ResourceGraph, resourcesOfType } from "../graph/resource-graph.ts";
import { OperatorError } from "../operator-error.ts";
import type { Message } from "./message.ts";
import { compileSelection } from "./selection-expression.ts";

/** Whether API Gateway passes a message on to the route. */
export type MessageCheck = (message: Message) => boolean;

/**
 * The check that a route's request models add up to: the model selection expression names one of them for each
 * message, or else `$default` is asked. A message for which there is none, or whose schema (JSON Schema draft 4) does
 * not allow it, never reaches the function.
 * @throws {Error} that names a model whose schema cannot be used
 */
export function messageCheck(graph: ResourceGraph, { name, inputs }: RecordedResource): MessageCheck {
  const { apiId, modelSelectionExpression, requestModels = {} } = inputs;
  // What an expression without any model does is unconfirmed.
  if (!modelSelectionExpression || Object.keys(requestModels).length === 0) return () => true;
  const checks = new Map(
    Object.entries<string>(requestModels).map(([key, modelName]) => [
      key,
      schemaCheck(graph, apiId, modelName),
    ]),
  );
  const selectModel = compileSelection(modelSelectionExpression, `route "${name}"`);
  return (message) => {
    const check = checks.get(selectModel(message) ?? "") ?? checks.get("$default");
    return check?.(message) ?? false;
  };
}

function schemaCheck(graph: ResourceGraph, apiId: string, modelName: string): MessageCheck {
  const model = resourcesOfType(graph, "aws:apigatewayv2/model:Model").find(
    ({ inputs }) => inputs.apiId === apiId && inputs.name === modelName,
  );
  if (!model)
    throw new OperatorError(`a route names the model ${modelName}, which the program does not declare`);
  const validate = compile(model);
  return (message) => validate(message.json) === true;
}

function compile({ name, inputs }: RecordedResource) {
  try {
    return new Ajv.default({ strict: false }).compile(JSON.parse(inputs.schema));
  } catch (error) {
    throw new OperatorError(`model "${name}": its schema cannot be used: ${(error as Error).message}`);
  }
}
