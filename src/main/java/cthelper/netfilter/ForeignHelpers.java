package cthelper.netfilter;

import cthelper.model.AddressFamily;
import cthelper.model.Protocol;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The {@code ct helper} objects of a table and its maps that choose among them. Immutable. */
final class ForeignHelpers {

  private final Map<String, Helper> helpers = new HashMap<>();
  private final Set<String> maps = new HashSet<>();

  /**
   * @param name the kernel's
   * @param scope the connections it works for
   */
  record Helper(String name, Scope scope) {}

  /**
   * @param objects as GETOBJ dumps them, of any type
   * @param sets as GETSET dumps them, of any type
   */
  ForeignHelpers(List<NetlinkAttributes> objects, List<NetlinkAttributes> sets) {
    for (NetlinkAttributes object : objects) {
      if (isHelper(object.find(Nft.OBJECT_TYPE))) {
        helpers.put(
            object.get(Nft.OBJECT_NAME).string(), helper(object.get(Nft.OBJECT_DATA).nest()));
      }
    }
    for (NetlinkAttributes set : sets) {
      if (isHelper(set.find(Nft.SET_OBJECT_TYPE))) {
        maps.add(set.get(Nft.SET_NAME).string());
      }
    }
  }

  Optional<Helper> object(String name) {
    return Optional.ofNullable(helpers.get(name));
  }

  /** What a map of this name may assign, if it is one of helpers: which element is not asked. */
  Optional<Helper> anyOf(String map) {
    if (!maps.contains(map)) {
      return Optional.empty();
    }
    EnumSet<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    EnumSet<Protocol> protocols = EnumSet.noneOf(Protocol.class);
    for (Helper helper : helpers.values()) {
      families.addAll(helper.scope.families());
      protocols.addAll(helper.scope.protocols());
    }
    return Optional.of(new Helper("", new Scope(families, protocols, Ports.ALL, false)));
  }

  private static Helper helper(NetlinkAttributes data) {
    int family = data.find(Nft.CT_HELPER_FAMILY).map(NetlinkAttribute::shortInteger).orElse(0);
    return new Helper(
        data.get(Nft.CT_HELPER_NAME).string(),
        NftTable.scope(family).and(Scope.ofProtocol(data.get(Nft.CT_HELPER_PROTOCOL).octet())));
  }

  private static boolean isHelper(Optional<NetlinkAttribute> type) {
    return type.filter(attribute -> attribute.integer() == Nft.CT_HELPER).isPresent();
  }
}
