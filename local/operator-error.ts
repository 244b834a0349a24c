/** A mistake of whoever runs a command, or of a program: its message is all there is to say. */
export class OperatorError extends Error {}
