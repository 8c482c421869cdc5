package cthelper.netfilter;

import java.util.OptionalInt;

/**
 * What a set holds.
 *
 * @param keyType nft(8)'s numbers of the key's parts, six bits each; only for display
 * @param keyBytes length of the key, each part padded to four bytes
 * @param objectType the type of object a map's elements name; empty for a plain set
 */
record SetType(int keyType, int keyBytes, OptionalInt objectType) {

  private static final int PROTOCOL = 12;
  private static final int PORT = 13;
  private static final int MARK = 19;
  private static final int TYPE_BITS = 6;

  /** {@code inet_proto . inet_service : ct helper}. */
  static SetType portsToHelpers() {
    return new SetType(
        PROTOCOL << TYPE_BITS | PORT, ElementKey.PORT_KEY_BYTES, OptionalInt.of(Nft.CT_HELPER));
  }

  /** {@code mark . mark …}. */
  static SetType marks(int count) {
    int keyType = 0;
    for (int i = 0; i < count; i++) {
      keyType = keyType << TYPE_BITS | MARK;
    }
    return new SetType(keyType, count * Integer.BYTES, OptionalInt.empty());
  }

  /** The flags a set of this type is made with and shows. */
  int flags() {
    return objectType.isPresent() ? Nft.FLAG_SET_OBJECTS : 0;
  }
}
