package cthelper.lab;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The packets of TFTP (RFC 1350), two bytes of operation each first.
 *
 * <pre>
 * read request  1, file name, 0, "octet", 0
 * data          3, block number, up to 512 bytes (fewer: the last block)
 * acknowledge   4, block number
 * </pre>
 */
sealed interface TftpPacket {

  int BLOCK_BYTES = 512;
  int MAXIMUM_BYTES = 4 + BLOCK_BYTES;

  record ReadRequest(String file) implements TftpPacket {}

  record Data(int block, Payload content) implements TftpPacket {
    boolean isLast() {
      return content.length() < BLOCK_BYTES;
    }
  }

  record Acknowledge(int block) implements TftpPacket {}

  /** Any other operation. */
  record Other(int operation) implements TftpPacket {}

  /** The bytes of a packet that can be sent. */
  static byte[] encode(TftpPacket packet) {
    ByteBuffer bytes = ByteBuffer.allocate(MAXIMUM_BYTES);
    switch (packet) {
      case ReadRequest request ->
          bytes
              .putShort((short) 1)
              .put((request.file() + "\0octet\0").getBytes(StandardCharsets.US_ASCII));
      case Data data ->
          bytes.putShort((short) 3).putShort((short) data.block()).put(data.content().bytes());
      case Acknowledge acknowledge ->
          bytes.putShort((short) 4).putShort((short) acknowledge.block());
      case Other other -> bytes.putShort((short) other.operation());
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /** The packet in the first bytes of a buffer. */
  static TftpPacket decode(byte[] buffer, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, length);
    int operation = length < 4 ? 0 : Short.toUnsignedInt(bytes.getShort());
    return switch (operation) {
      case 1 -> {
        String text = new String(buffer, 2, length - 2, StandardCharsets.US_ASCII);
        yield new ReadRequest(text.substring(0, Math.max(0, text.indexOf('\0'))));
      }
      case 3 ->
          new Data(
              Short.toUnsignedInt(bytes.getShort()),
              Payload.of(Arrays.copyOfRange(buffer, 4, length)));
      case 4 -> new Acknowledge(Short.toUnsignedInt(bytes.getShort()));
      default -> new Other(operation);
    };
  }
}
