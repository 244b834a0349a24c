/** The functions of the program, each with how often its environments are killed. */
export const functionWeights = {
  whoami: 4,
  sendmessage: 4,
  default: 1,
  connect: 2,
  disconnect: 2,
  authorizer: 2,
};

export type FunctionName = keyof typeof functionWeights;

export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(functionWeights, name);
}
