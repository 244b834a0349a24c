/**
 * For resources whose name the program gives: Pulumi's AWS provider would delete them before it creates their
 * successors. A successor always differs in its API or its name, so both can exist for a moment.
 */
export const successorFirst = { deleteBeforeReplace: false };
