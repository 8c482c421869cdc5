package cthelper.netfilter;

import cthelper.model.HelperSpec;

/**
 * What a connection's first packet asked for, before the router translated it: port 21 of tcp is
 * {@code ConnectionTarget(6, 21)}.
 *
 * @param protocol the number in the IP header
 * @param port 0 where the protocol has none
 */
public record ConnectionTarget(int protocol, int port) {

  /** Where connections get the helper of this assignment. */
  static ConnectionTarget of(HelperSpec spec) {
    return new ConnectionTarget(spec.protocol().number(), spec.port());
  }
}
