import providerMessages from "@pulumi/pulumi/proto/provider_pb.js";
import { topmostName } from "../graph/property-path.ts";
import { readProperties } from "../protocol/property-values.ts";
import { deletesBeforeReplace, isReplacing } from "../resources/replacement.ts";
import { resourceTypeOf } from "../resources/resource-types.ts";
import { isMadeUp } from "./names.ts";
import { type PropertyDiff, propertyDiffs } from "./property-diffs.ts";

type DiffRequest = InstanceType<typeof providerMessages.DiffRequest>;
type DiffResponse = InstanceType<typeof providerMessages.DiffResponse>;

const { Kind } = providerMessages.PropertyDiff;
const kinds = {
  add: [Kind.ADD, Kind.ADD_REPLACE],
  delete: [Kind.DELETE, Kind.DELETE_REPLACE],
  update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
} as const;

/** What new inputs change of a resource, and whether AWS can change it or a new resource must take its place. */
export function diff(request: DiffRequest): DiffResponse {
  const type = request.getType();
  const olds = readProperties(request.getOldInputs()).properties;
  const news = readProperties(request.getNews()).properties;
  const ignored = request.getIgnorechangesList();
  const found = propertyDiffs(olds, news).filter(({ path }) => !ignored.includes(path));
  const property = resourceTypeOf(type)?.generatedName?.property;
  const response = diffResponse(found, (path) => isReplacing(type, path));
  if (response.getReplacesList().length === 0) return response;
  const isNameMadeUp = property !== undefined && isMadeUp(news, property);
  return response.setDeletebeforereplace(deletesBeforeReplace(type, news, isNameMadeUp));
}

/** The differences as the protocol writes them. */
export function diffResponse(
  found: readonly PropertyDiff[],
  isReplaced: (path: string) => boolean,
): DiffResponse {
  const response = new providerMessages.DiffResponse();
  const { DIFF_NONE, DIFF_SOME } = providerMessages.DiffResponse.DiffChanges;
  response.setChanges(found.length > 0 ? DIFF_SOME : DIFF_NONE).setHasdetaileddiff(true);
  response.setDiffsList([...new Set(found.map(({ path }) => topmostName(path)))]);
  const replacing = found.filter(({ path }) => isReplaced(path));
  response.setReplacesList([...new Set(replacing.map(({ path }) => topmostName(path)))]);
  for (const { path, kind } of found) {
    const difference = new providerMessages.PropertyDiff().setInputdiff(true);
    const [inPlace, replaced] = kinds[kind];
    response.getDetaileddiffMap().set(path, difference.setKind(isReplaced(path) ? replaced : inPlace));
  }
  return response;
}
