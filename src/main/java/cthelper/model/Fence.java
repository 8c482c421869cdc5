package cthelper.model;

import java.util.Comparator;
import java.util.UUID;

/**
 * What orders the desired states of one installation for good: a later change has a greater fence.
 *
 * <p>Example: installation 7c1f…, epoch 1, number 42. The epoch rises when a database was restored
 * from a backup; the number comes from one database sequence, drawn under the router's row lock.
 * Fences of two installations have no order: see {@link #isNewerThan}.
 *
 * @param installation made by the first migration of the database
 * @param epoch 1 and up
 * @param number 1 and up
 */
public record Fence(UUID installation, int epoch, long number) {

  private static final Comparator<Fence> ORDER =
      Comparator.comparingInt(Fence::epoch).thenComparingLong(Fence::number);

  public Fence {
    if (epoch < 0 || number < 0) {
      throw new IllegalArgumentException("not a fence: epoch " + epoch + ", number " + number);
    }
  }

  /**
   * Whether this one orders after {@code other}.
   *
   * @throws IllegalArgumentException when they belong to two installations, which must be told
   *     apart before they are compared
   */
  public boolean isNewerThan(Fence other) {
    if (!isOfSameInstallation(other)) {
      throw new IllegalArgumentException("fences of two installations have no order");
    }
    return ORDER.compare(this, other) > 0;
  }

  public boolean isOfSameInstallation(Fence other) {
    return installation.equals(other.installation);
  }

  /** {@code 1.42}: epoch and number, the form of logs and of the kernel's set. */
  @Override
  public String toString() {
    return epoch + "." + number;
  }
}
