package cthelper.netfilter;

import java.util.Optional;

/** What the kernel says no to, in whatever was received. In the package of {@link Datagram}. */
public final class Refusals {

  private Refusals() {}

  /**
   * How many messages of a datagram are refusals.
   *
   * @param result of any of the {@link SystemCalls}
   */
  public static int in(Object result) {
    return result instanceof Optional<?> answer && answer.orElse(null) instanceof Datagram datagram
        ? Math.toIntExact(
            NetlinkMessage.readAll(datagram.bytes()).stream()
                .filter(NetlinkMessage::isAcknowledgement)
                .filter(message -> !message.acknowledgement().isYes())
                .count())
        : 0;
  }
}
