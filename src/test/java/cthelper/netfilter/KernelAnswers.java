package cthelper.netfilter;

import cthelper.netfilter.RecordedSystemCalls.Answer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Acknowledgements as the golden files have them, for any request. */
final class KernelAnswers {

  private static final int SEQUENCE_OFFSET = 8;
  private static final int ERROR_OFFSET = 16;
  private static final int CULPRIT_OFFSET = 40;

  private KernelAnswers() {}

  static Answer yes(int sequence) {
    byte[] datagram = GoldenBytes.of("answers/yes");
    host(datagram).putInt(SEQUENCE_OFFSET, sequence);
    return Answer.datagram(datagram);
  }

  /**
   * @param offset of the culprit within the request
   */
  static Answer no(int sequence, Errno errno, int offset) {
    byte[] datagram = GoldenBytes.of("answers/no-because-of-the-third-element");
    host(datagram)
        .putInt(SEQUENCE_OFFSET, sequence)
        .putInt(ERROR_OFFSET, -errno.number())
        .putInt(CULPRIT_OFFSET, offset);
    return Answer.datagram(datagram);
  }

  private static ByteBuffer host(byte[] datagram) {
    return ByteBuffer.wrap(datagram).order(ByteOrder.nativeOrder());
  }
}
