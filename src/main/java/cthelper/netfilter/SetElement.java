package cthelper.netfilter;

import java.util.Optional;

/**
 * An element of a set or map, as it is to be written.
 *
 * @param object the object a map's element names
 * @param comment as nft(8) shows it
 */
record SetElement(ElementKey key, Optional<String> object, Optional<String> comment) {

  /** An element of a plain set. */
  static SetElement of(ElementKey key) {
    return new SetElement(key, Optional.empty(), Optional.empty());
  }

  void write(NetlinkWriter writer) {
    writer.nest(
        Nft.LIST_ELEMENT,
        element -> {
          element.nest(Nft.ELEMENT_KEY, data -> data.bytes(Nft.DATA_VALUE, key.bytes()));
          object.ifPresent(name -> element.string(Nft.ELEMENT_OBJECT, name));
          comment.ifPresent(text -> element.bytes(Nft.ELEMENT_USER_DATA, NftComment.write(text)));
        });
  }
}
