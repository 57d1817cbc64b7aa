/** Whether a viewer may see that an identity is online. */
export type IsVisible<Viewer> = (viewer: Viewer, id: string) => boolean;

/** Wraps the application's `visible` function: an error that it throws is reported, and hides the identity. */
export function withErrorsReported<Viewer>(
  isVisible: IsVisible<Viewer>,
  report: (error: unknown) => void,
): IsVisible<Viewer> {
  return (viewer, id) => {
    try {
      // Only `true` shows an identity: a promise is truthy, too.
      return (isVisible(viewer, id) as unknown) === true;
    } catch (error) {
      report(error);
      return false;
    }
  };
}
