package cthelper.netfilter;

import static cthelper.netfilter.NetlinkRequest.FLAG_CREATE;

import cthelper.lab.LabNamespace;
import cthelper.lab.OpenPorts;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * A {@link cthelper.lab.Firewall} where no {@code nft} program is: the demo needs nothing
 * installed. In nft's words, for ports 2121 and 6969:
 *
 * <pre>
 * table inet demo_firewall {
 *   chain forward {
 *     type filter hook forward priority 0; policy drop;
 *     ct state established,related accept
 *     meta l4proto tcp th dport 2121 accept
 *     meta l4proto udp th dport 6969 accept
 *   }
 * }
 * </pre>
 *
 * <p>Source: {@code nft --debug=netlink}, {@code linux/netfilter/nf_tables.h}.
 */
public final class RouterFirewall {

  private static final String TABLE = "demo_firewall";
  private static final String CHAIN = "forward";

  private static final int HOOK_FORWARD = 2;
  private static final int DROP = 0;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ESTABLISHED_OR_RELATED = 2 | 4;

  private static final int REGISTER = 1;
  private static final int EQUAL = 0;
  private static final int NOT_EQUAL = 1;

  private RouterFirewall() {}

  /** Installs it in one transaction. */
  public static void install(LabNamespace router, OpenPorts openPorts) {
    List<NetlinkRequest> batch = new ArrayList<>();
    batch.add(NftChanges.batchBegin());
    batch.add(NftChanges.newTable(TABLE, 0, Optional.empty()));
    batch.add(forwardChain());
    batch.add(rule(RouterFirewall::established));
    openPorts.tcp().forEach(port -> batch.add(rule(expressions -> opened(expressions, TCP, port))));
    openPorts.udp().forEach(port -> batch.add(rule(expressions -> opened(expressions, UDP, port))));
    batch.add(NftChanges.batchEnd().acknowledged());
    try (NamespaceSocket socket = RouterKernel.socketIn(router)) {
      requireCommitted(batch.size(), socket.exchange(batch));
    }
  }

  private static void requireCommitted(int requests, Exchange exchange) {
    boolean committed =
        exchange instanceof Exchange.Answered answered
            && answered.acknowledgementOf(requests - 1).isPresent()
            && IntStream.range(0, requests)
                .mapToObj(answered::acknowledgementOf)
                .flatMap(Optional::stream)
                .allMatch(Acknowledgement::isYes);
    if (!committed) {
      throw new IllegalStateException("the kernel did not take the router's firewall: " + exchange);
    }
  }

  private static NetlinkRequest forwardChain() {
    return NetlinkRequest.of(
        Nft.type(Nft.NEW_CHAIN),
        FLAG_CREATE,
        Nft.INET,
        0,
        chain ->
            chain
                .string(Nft.CHAIN_TABLE, TABLE)
                .string(Nft.CHAIN_NAME, CHAIN)
                .nest(
                    Nft.CHAIN_HOOK,
                    hook ->
                        hook.integer(Nft.HOOK_NUMBER, HOOK_FORWARD).integer(Nft.HOOK_PRIORITY, 0))
                .integer(Nft.CHAIN_POLICY, DROP)
                .string(Nft.CHAIN_TYPE, "filter"));
  }

  private static NetlinkRequest rule(Consumer<NetlinkWriter> expressions) {
    return NftChanges.newRule(TABLE, CHAIN, expressions);
  }

  /** {@code ct state established,related accept}. */
  private static void established(NetlinkWriter rule) {
    expression(rule, "ct", ct -> ct.integer(2, 0).integer(1, REGISTER));
    expression(
        rule,
        "bitwise",
        bitwise ->
            bitwise
                .integer(1, REGISTER)
                .integer(2, REGISTER)
                .integer(3, Integer.BYTES)
                .nest(4, mask -> mask.bytes(Nft.DATA_VALUE, host(ESTABLISHED_OR_RELATED)))
                .nest(5, xor -> xor.bytes(Nft.DATA_VALUE, host(0))));
    compare(rule, NOT_EQUAL, host(0));
    accept(rule);
  }

  /** {@code meta l4proto <protocol> th dport <port> accept}. */
  private static void opened(NetlinkWriter rule, int protocol, int port) {
    expression(rule, "meta", meta -> meta.integer(2, 16).integer(1, REGISTER));
    compare(rule, EQUAL, (byte) protocol);
    expression(
        rule,
        "payload",
        payload ->
            payload.integer(1, REGISTER).integer(2, 2).integer(3, 2).integer(4, Short.BYTES));
    compare(rule, EQUAL, (byte) (port >> Byte.SIZE), (byte) port);
    accept(rule);
  }

  private static void compare(NetlinkWriter rule, int operator, byte... value) {
    expression(
        rule,
        "cmp",
        compare ->
            compare
                .integer(1, REGISTER)
                .integer(2, operator)
                .nest(3, data -> data.bytes(Nft.DATA_VALUE, value)));
  }

  /** The verdict goes to register 0. */
  private static void accept(NetlinkWriter rule) {
    expression(
        rule,
        "immediate",
        immediate ->
            immediate
                .integer(1, 0)
                .nest(2, data -> data.nest(2, verdict -> verdict.integer(1, Nft.ACCEPT))));
  }

  private static void expression(
      NetlinkWriter rule, String name, Consumer<NetlinkWriter> attributes) {
    rule.nest(1, expression -> expression.string(1, name).nest(2, attributes));
  }

  private static byte[] host(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.nativeOrder()).putInt(value).array();
  }
}
