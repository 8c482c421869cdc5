package cthelper.config;

/**
 * How reconciler and executor speak to each other: directly where both are in one process, over a
 * node stream otherwise.
 *
 * @param dials whether this process's executor opens a stream to a reconciler elsewhere
 * @param listens whether this process's reconciler takes streams
 */
public record NodeLinkKind(boolean dials, boolean listens) {

  public static NodeLinkKind of(CtHelperConfig config) {
    boolean executes = config.roles().contains(Role.EXECUTOR);
    boolean reconciles = config.roles().contains(Role.RECONCILER);
    return new NodeLinkKind(
        executes && (config.executor().controlPlane().isPresent() || !reconciles),
        reconciles && (!executes || config.nodeStream().enabled()));
  }
}
