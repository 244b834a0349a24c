/** Puts back what a replacement took away. */
export type Undo = () => void;

/** Replaces one property, even a read-only or lazy one (which is not evaluated), and returns the way back. */
export function replaceProperty(target: object, name: string, value: unknown): Undo {
  const descriptor = Object.getOwnPropertyDescriptor(target, name);
  const enumerable = descriptor?.enumerable ?? true;
  Object.defineProperty(target, name, { configurable: true, enumerable, writable: true, value });
  return () => {
    if (descriptor) Object.defineProperty(target, name, descriptor);
    else Reflect.deleteProperty(target, name);
  };
}
