/** Whether a viewer may know of an identity. */
export type IsVisible<Viewer> = (viewer: Viewer, id: string) => boolean;

/** Guards the application's answer: what it throws is reported, and then the identity stays hidden. */
export function guardVisibility<Viewer>(
  isVisible: IsVisible<Viewer>,
  report: (error: unknown) => void,
): IsVisible<Viewer> {
  return (viewer, id) => {
    try {
      // A promise is truthy: only `true` shows an identity.
      return (isVisible(viewer, id) as unknown) === true;
    } catch (error) {
      report(error);
      return false;
    }
  };
}
