package cthelper.lab;

import java.nio.ByteBuffer;

/**
 * The control messages that set up a call of PPTP (RFC 2637, section 2): afterwards both ends send
 * GRE packets that carry the call ids they announced.
 *
 * <pre>
 * 2 length, 2 message type 1, 4 magic cookie, 2 control type, 2 zero, then what the type asks for
 * </pre>
 */
public final class PptpCall {

  private static final int MAGIC_COOKIE = 0x1A2B3C4D;

  /** Lengths of whole messages; they all end in fields that are of no use here and stay zero. */
  private static final int CONNECTION_BYTES = 156;

  private static final int CALL_REQUEST_BYTES = 168;
  private static final int CALL_REPLY_BYTES = 32;

  private static final byte SUCCESSFUL = 1;

  private PptpCall() {}

  /** The client and the server of this dialogue agree on a call. */
  public static void setUp(Dialogue dialogue, int clientCallId, int serverCallId) {
    dialogue.clientSays(message(1, CONNECTION_BYTES).putShort((short) 0x0100).array());
    dialogue.serverSays(
        message(2, CONNECTION_BYTES).putShort((short) 0x0100).put(SUCCESSFUL).array());
    dialogue.clientSays(message(7, CALL_REQUEST_BYTES).putShort((short) clientCallId).array());
    dialogue.serverSays(
        message(8, CALL_REPLY_BYTES)
            .putShort((short) serverCallId)
            .putShort((short) clientCallId)
            .put(SUCCESSFUL)
            .array());
  }

  private static ByteBuffer message(int controlType, int bytes) {
    return ByteBuffer.allocate(bytes)
        .putShort((short) bytes)
        .putShort((short) 1)
        .putInt(MAGIC_COOKIE)
        .putShort((short) controlType)
        .putShort((short) 0);
  }
}
