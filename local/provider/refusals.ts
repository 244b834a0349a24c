import { topmostName } from "../graph/property-path.ts";
import type { AwsAccount, RecordedResource } from "../graph/resource-graph.ts";
import { unknownValue } from "../protocol/property-values.ts";
import type { Breach, Rule, Surroundings } from "../resources/rule.ts";
import { conflictOf, rulesOf } from "../resources/rules.ts";

/** Why AWS would refuse a resource beside those that exist, if it would: its answer, with the property in front. */
export function refusalOf(
  resource: RecordedResource,
  surroundings: Surroundings,
  secretPaths: readonly string[],
): string | undefined {
  // What exists may have its URN, as the resource that it replaces does: to the rules it is another one.
  const candidate = { ...resource, urn: `${resource.urn}::new` };
  for (const { check } of judgedAtOnce(resource)) {
    const breach = check(candidate, surroundings);
    if (breach) return describe(breach, secretPaths);
  }
  return conflictOf(resource, surroundings.resources);
}

/**
 * What AWS would refuse of a resource, as far as that shows from its known properties alone: neither from values that
 * are not known yet, nor from other resources.
 */
export function knownBreaches(resource: RecordedResource, account: AwsAccount): Breach[] {
  return judgedAtOnce(resource).flatMap(({ check }) => {
    let isKnown = true;
    const leave = () => {
      isKnown = false;
    };
    const surroundings: Surroundings = {
      account,
      get resources() {
        leave();
        return [];
      },
    };
    try {
      const breach = check(watched(resource, leave), surroundings);
      return isKnown && breach ? [breach] : [];
    } catch {
      // A rule takes values of other kinds for granted than a preview may have.
      return [];
    }
  });
}

/** What is wrong with a property, without the value of a secret. */
export function describe({ property, value, answer }: Breach, secretPaths: readonly string[]): string {
  const isSecret = secretPaths.some((path) => topmostName(path) === topmostName(property));
  if (value === undefined) return `${property} is not set: ${answer}`;
  if (isSecret) return `${property} is a secret that AWS refuses`;
  const text = JSON.stringify(value);
  return `${property} is ${text.length > 200 ? `${text.slice(0, 200)}...` : text}: ${answer}`;
}

function judgedAtOnce({ type }: RecordedResource): Rule[] {
  return rulesOf(type).filter(({ judged, severity }) => judged !== "afterwards" && severity !== "warning");
}

/** The same data; whoever reads an unknown value of it is noticed. */
function watched<T extends object>(data: T, onUnknown: () => void): T {
  return new Proxy(data, {
    get(target, name, receiver) {
      const member = Reflect.get(target, name, receiver);
      if (member === unknownValue) onUnknown();
      return typeof member === "object" && member !== null ? watched(member, onUnknown) : member;
    },
  });
}
