/**
 * Reads a variable that the function cannot run without.
 * @throws {Error} `environment variable X is required`
 */
export function requireVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`environment variable ${name} is required`);
  return value;
}
