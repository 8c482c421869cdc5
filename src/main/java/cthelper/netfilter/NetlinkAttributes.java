package cthelper.netfilter;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The attributes of a message or of a nest, in the order they came. Order means nothing except
 * among those of one type (list elements). Immutable.
 */
final class NetlinkAttributes {

  static final NetlinkAttributes NONE = new NetlinkAttributes(List.of());

  private final List<NetlinkAttribute> attributes;

  private NetlinkAttributes(List<NetlinkAttribute> attributes) {
    this.attributes = attributes;
  }

  /** Attributes as a {@link NetlinkWriter} wrote them. */
  static NetlinkAttributes read(byte[] bytes) {
    return read(bytes, 0, bytes.length);
  }

  /**
   * Reads one level; nests are read when they are asked for.
   *
   * @throws MalformedNetlinkException when a length lies
   */
  static NetlinkAttributes read(byte[] bytes, int from, int to) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<NetlinkAttribute> attributes = new ArrayList<>();
    int at = from;
    while (to - at >= NetlinkWriter.ATTRIBUTE_HEADER_BYTES) {
      int length = Short.toUnsignedInt(buffer.getShort(at));
      if (length < NetlinkWriter.ATTRIBUTE_HEADER_BYTES || length > to - at) {
        throw new MalformedNetlinkException(
            "attribute at offset %d claims %d of %d bytes".formatted(at, length, to - at));
      }
      int type = Short.toUnsignedInt(buffer.getShort(at + 2));
      attributes.add(new NetlinkAttribute(bytes, type, at, at + length));
      at += NetlinkWriter.padded(length);
    }
    if (at < to) {
      throw new MalformedNetlinkException("%d bytes after the last attribute".formatted(to - at));
    }
    return new NetlinkAttributes(attributes);
  }

  List<NetlinkAttribute> all() {
    return Collections.unmodifiableList(attributes);
  }

  /** Those of this type, in order. */
  List<NetlinkAttribute> all(int type) {
    List<NetlinkAttribute> ofType = new ArrayList<>(attributes.size());
    for (NetlinkAttribute attribute : attributes) {
      if (attribute.type() == type) {
        ofType.add(attribute);
      }
    }
    return ofType;
  }

  /** The first of this type. */
  Optional<NetlinkAttribute> find(int type) {
    return first(type, attributes);
  }

  /**
   * The first of this type.
   *
   * @throws MalformedNetlinkException when there is none
   */
  NetlinkAttribute get(int type) {
    for (NetlinkAttribute attribute : attributes) {
      if (attribute.type() == type) {
        return attribute;
      }
    }
    throw new MalformedNetlinkException("attribute %d is missing".formatted(type));
  }

  /**
   * Whether the kernel, which was given these attributes, shows those for the same thing: each of
   * these, in any order, and besides only zeros, the defaults of attributes that newer kernels add.
   */
  boolean areShownAs(NetlinkAttributes shown) {
    List<NetlinkAttribute> left = new ArrayList<>(shown.attributes);
    for (NetlinkAttribute given : attributes) {
      Optional<NetlinkAttribute> match = first(given.type(), left);
      if (match.isEmpty() || !given.isShownAs(match.get())) {
        return false;
      }
      left.remove(match.get());
    }
    return left.stream().allMatch(NetlinkAttribute::isZero);
  }

  private static Optional<NetlinkAttribute> first(int type, List<NetlinkAttribute> attributes) {
    for (NetlinkAttribute attribute : attributes) {
      if (attribute.type() == type) {
        return Optional.of(attribute);
      }
    }
    return Optional.empty();
  }
}
