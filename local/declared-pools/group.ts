import { type PoolPart, withInputs } from "./pool-part.ts";

/** A group of users. */
export const group: PoolPart = {
  type: "aws:cognito/userGroup:UserGroup",
  put(pool, { inputs: { description, precedence, roleArn }, outputs: { name } }) {
    pool.putGroup({ name, description, precedence, roleArn });
    return undefined;
  },
  remove: (pool, { outputs: { name } }) => pool.deleteGroup(name),
  read(pool, { inputs, outputs: { name } }) {
    const found = pool.findGroup(name);
    if (!found) return undefined;
    const { description, precedence, roleArn } = found;
    return { inputs: withInputs(inputs, { description, precedence, roleArn }) };
  },
};
