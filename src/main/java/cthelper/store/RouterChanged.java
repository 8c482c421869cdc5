package cthelper.store;

import cthelper.model.RouterId;

/**
 * A CDI event: the desired state of this router may have changed. It only wakes; losing one costs
 * delay, never correctness.
 *
 * <p>Fired inside the transaction: observe it with {@code TransactionPhase.AFTER_SUCCESS}, on the
 * writing thread, and return at once.
 */
public record RouterChanged(RouterId router) {}
