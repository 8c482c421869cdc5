package cthelper.audit;

import cthelper.model.HelperSpec;
import java.util.UUID;

/**
 * A conntrack helper as the API shows it.
 *
 * @param status the wire's word: only {@code ACTIVE} says that the kernel holds it
 */
record SaidHelper(UUID id, HelperSpec spec, String status) {

  boolean isActive() {
    return status.equals("ACTIVE");
  }

  /** Whether the service has yet to answer: the kernel may hold it or not. */
  boolean isUnderWay() {
    return status.equals("BUILD") || status.equals("DOWN");
  }
}
