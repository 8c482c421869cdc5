package cthelper.netfilter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The comment in a table's or element's user data, as nft(8) writes and shows it.
 *
 * <p>Layout: a list of type octet, length octet, value; type 0 is the comment, whose length counts
 * its NUL. Example: {@code 00 03 68 69 00} is "hi". Pure. Source: {@code libnftnl/udata.h}.
 */
final class NftComment {

  private static final int TYPE_COMMENT = 0;
  private static final int MAX_BYTES = 253;

  private NftComment() {}

  /** The user data that holds this comment and nothing else. */
  static byte[] write(String comment) {
    byte[] text = comment.getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_BYTES) {
      throw new IllegalArgumentException("a comment of " + text.length + " bytes");
    }
    byte[] userData = new byte[text.length + 3];
    userData[0] = TYPE_COMMENT;
    userData[1] = (byte) (text.length + 1);
    System.arraycopy(text, 0, userData, 2, text.length);
    return userData;
  }

  /** The comment in this user data; empty when there is none or the lengths lie. */
  static Optional<String> read(byte[] userData) {
    int at = 0;
    while (userData.length - at >= 2) {
      int length = Byte.toUnsignedInt(userData[at + 1]);
      int end = at + 2 + length;
      if (end > userData.length) {
        return Optional.empty();
      }
      if (userData[at] == TYPE_COMMENT && length > 0) {
        byte[] text = Arrays.copyOfRange(userData, at + 2, end - 1);
        return Optional.of(new String(text, StandardCharsets.UTF_8));
      }
      at = end;
    }
    return Optional.empty();
  }
}
