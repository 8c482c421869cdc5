package cthelper.store;

/**
 * A CDI event: the database did not answer somebody, what he wanted written may be written or not,
 * and no {@link RouterChanged} was fired. It only makes all replicas look; losing one costs delay.
 */
public record WriteInDoubt() {}
