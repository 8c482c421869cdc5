package cthelper.netfilter;

import cthelper.lab.InNamespace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A witness of every fence that is ever set in a namespace, in the order of the transactions: it
 * listens to the kernel's events. Source: {@code NFNLGRP_NFTABLES} of {@code
 * linux/netfilter/nfnetlink.h}.
 */
public final class FenceEvents implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int NETLINK_ADD_MEMBERSHIP = 1;
  private static final int GROUP_NFTABLES = 7;

  private final SystemCalls calls = new LinuxSystemCalls();
  private final int socket;

  public FenceEvents(Path namespace) {
    socket = InNamespace.call(namespace, LIMIT, this::open);
  }

  private int open() {
    int opened =
        calls.socket(
            Linux.AF_NETLINK, Linux.SOCK_RAW | Linux.SOCK_CLOEXEC, Linux.NETLINK_NETFILTER);
    calls.bindNetlink(opened);
    calls.setSocketOption(opened, Linux.SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, GROUP_NFTABLES);
    return opened;
  }

  /**
   * The numbers of the fences that were set since the last time, oldest first. A transaction's
   * events are there before its answers are.
   *
   * @throws SystemCallException ENOBUFS when events were lost
   */
  public List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    Optional<Datagram> datagram = calls.receiveFromKernel(socket);
    while (datagram.isPresent()) {
      for (NetlinkMessage message : NetlinkMessage.readAll(datagram.get().bytes())) {
        if (message.type() == Nft.type(Nft.NEW_ELEMENTS) && isOfFence(message.attributes())) {
          numbers.addAll(numbers(message.attributes()));
        }
      }
      datagram = calls.receiveFromKernel(socket);
    }
    return numbers;
  }

  private static boolean isOfFence(NetlinkAttributes attributes) {
    return attributes.get(Nft.LIST_TABLE).string().equals(TableSchema.TABLE)
        && attributes.get(Nft.LIST_SET).string().equals(TableSchema.FENCE);
  }

  /** A key holds the epoch and the two halves of the number. */
  private static List<Long> numbers(NetlinkAttributes attributes) {
    return attributes.get(Nft.LIST_ELEMENTS).nest().all(Nft.LIST_ELEMENT).stream()
        .map(element -> element.nest().get(Nft.ELEMENT_KEY).nest().get(Nft.DATA_VALUE).bytes())
        .map(key -> ByteBuffer.wrap(key).order(ByteOrder.nativeOrder()))
        .map(key -> (long) key.getInt(4) << Integer.SIZE | Integer.toUnsignedLong(key.getInt(8)))
        .toList();
  }

  @Override
  public void close() {
    calls.close(socket);
  }
}
