package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Events as the kernel sends them: the end of a commit is by nft, whose thread is the port id. */
final class RulesetEvent {

  private static final int PORT_ID_OFFSET = 12;

  private RulesetEvent() {}

  /** Something that happened to an element of our map. */
  static byte[] element(int portId, int message) {
    return event(
        portId,
        message,
        attributes ->
            attributes
                .string(Nft.LIST_TABLE, TableSchema.TABLE)
                .string(Nft.LIST_SET, TableSchema.MAP));
  }

  /** A new chain in our table. */
  static byte[] chain(int portId, String name) {
    return event(
        portId,
        Nft.NEW_CHAIN,
        attributes ->
            attributes.string(Nft.CHAIN_TABLE, TableSchema.TABLE).string(Nft.CHAIN_NAME, name));
  }

  static byte[] end(int portId) {
    return event(
        portId,
        Nft.NEW_GENERATION,
        attributes ->
            attributes
                .integer(Nft.GENERATION_ID, 1)
                .integer(Nft.GENERATION_THREAD, portId)
                .string(Nft.GENERATION_THREAD_NAME, "nft"));
  }

  /** One datagram of several. */
  static byte[] together(byte[]... events) {
    ByteBuffer datagram = ByteBuffer.allocate(Stream.of(events).mapToInt(it -> it.length).sum());
    Stream.of(events).forEach(datagram::put);
    return datagram.array();
  }

  private static byte[] event(int portId, int message, Consumer<NetlinkWriter> content) {
    byte[] bytes = NetlinkRequest.of(Nft.type(message), 0, Nft.INET, 0, content).toBytes(0);
    ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).putInt(PORT_ID_OFFSET, portId);
    return bytes;
  }
}
