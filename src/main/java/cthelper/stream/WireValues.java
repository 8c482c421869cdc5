package cthelper.stream;

import com.google.protobuf.ByteString;
import cthelper.model.AddressFamily;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import cthelper.model.Protocol;
import cthelper.model.RouterId;
import cthelper.stream.wire.Family;
import cthelper.stream.wire.Place;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The values that messages are made of, to and from the wire. What a newer version may have added
 * is left out; what no version can have meant is a {@link MalformedMessage}. Pure.
 */
final class WireValues {

  private static final int ID_BYTES = 16;

  private static final Set<AddressFamily> IPV4 = Set.of(AddressFamily.IPV4);
  private static final Set<AddressFamily> IPV6 = Set.of(AddressFamily.IPV6);
  private static final Set<AddressFamily> BOTH = Set.of(AddressFamily.IPV4, AddressFamily.IPV6);

  private WireValues() {}

  static ByteString id(UUID id) {
    ByteBuffer bytes = ByteBuffer.allocate(ID_BYTES);
    bytes.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).flip();
    return ByteString.copyFrom(bytes);
  }

  static UUID id(ByteString bytes) {
    if (bytes.size() != ID_BYTES) {
      throw new MalformedMessage("an id of " + bytes.size() + " bytes");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  static cthelper.stream.wire.Fence fence(Fence fence) {
    return cthelper.stream.wire.Fence.newBuilder()
        .setInstallationId(id(fence.installation()))
        .setEpoch(fence.epoch())
        .setNumber(fence.number())
        .build();
  }

  static Fence fence(cthelper.stream.wire.Fence fence) {
    try {
      return new Fence(id(fence.getInstallationId()), fence.getEpoch(), fence.getNumber());
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage(String.valueOf(e.getMessage()));
    }
  }

  /** Whose node it is both ends know. */
  static Place place(Placement placement) {
    return Place.newBuilder()
        .setRouterId(id(placement.router().value()))
        .setNamespace(placement.namespace())
        .build();
  }

  static Placement placement(NodeId node, Place place) {
    if (place.getNamespace().isEmpty()) {
      throw new MalformedMessage("a placement without namespace");
    }
    return new Placement(new RouterId(id(place.getRouterId())), node, place.getNamespace());
  }

  static List<Family> families(Collection<AddressFamily> families) {
    return families.stream().map(WireValues::family).sorted().toList();
  }

  private static Family family(AddressFamily family) {
    return switch (family) {
      case IPV4 -> Family.FAMILY_IPV4;
      case IPV6 -> Family.FAMILY_IPV6;
    };
  }

  /** Those that this version knows; unmodifiable. */
  static Set<AddressFamily> knownFamilies(List<Family> families) {
    boolean hasIpv4 = families.contains(Family.FAMILY_IPV4);
    boolean hasIpv6 = families.contains(Family.FAMILY_IPV6);
    if (hasIpv4 && hasIpv6) {
      return BOTH;
    }
    return hasIpv4 ? IPV4 : hasIpv6 ? IPV6 : Set.of();
  }

  /** The catalogue's entry; a newer version may have more of them. */
  static Optional<HelperType> helperType(String helper, String protocol) {
    return Protocol.ofWireName(protocol).flatMap(known -> HelperCatalog.find(helper, known));
  }
}
