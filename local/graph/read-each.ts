/** Told of what cannot be served, where all else is served without it. */
export type LeaveOut = (reason: Error) => void;

/**
 * What `read` makes of each item. An item that it cannot read fails all, or is left out where there is somebody to be
 * told: `instead` may then stand in its place.
 */
export function readEach<Item, Result>(
  items: readonly Item[],
  read: (item: Item) => Result,
  leaveOut?: LeaveOut,
  instead?: (item: Item) => Result,
): Result[] {
  return items.flatMap((item) => {
    try {
      return [read(item)];
    } catch (error) {
      if (!leaveOut) throw error;
      leaveOut(error as Error);
      return instead ? [instead(item)] : [];
    }
  });
}
