/** Whether a viewer may see that an identity is online or, with a topic, that it is in that topic. */
export type IsVisible<Viewer> = (viewer: Viewer, id: string, topic: string | undefined) => boolean;

/** Wraps the application's `visible` function: an error that it throws is reported, and hides the identity. */
export function withErrorsReported<Viewer>(
  isVisible: IsVisible<Viewer>,
  report: (error: unknown) => void,
): IsVisible<Viewer> {
  return (viewer, id, topic) => {
    try {
      // Only `true` shows an identity: a promise is truthy, too.
      return (isVisible(viewer, id, topic) as unknown) === true;
    } catch (error) {
      report(error);
      return false;
    }
  };
}
