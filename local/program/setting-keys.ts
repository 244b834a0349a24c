/** Keys without a namespace are the project's. The CLI still reads the form `namespace:config:key`. */
export function fullKey(key: string, project: string): string {
  return key.includes(":") ? key.replace(/^([^:]+):config:/, "$1:") : `${project}:${key}`;
}
