package cthelper.netfilter;

import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What this kernel has: which helpers in which address families, and owned tables that persist.
 *
 * <p>Asked with one batch that is never committed: the kernel answers each request of it and
 * forgets them all; no generation, no event, no table remains. Costs 6–16 ms: once per machine, and
 * again when modules may have been loaded.
 *
 * @param families for every type of the catalogue, empty for one the kernel lacks
 * @param ownerPersist whether tables can have the flags owner (5.12) and persist (6.9)
 */
public record KernelSupport(Map<HelperType, Set<AddressFamily>> families, boolean ownerPersist) {

  private static final String PROBED_TABLE = "conntrack_helpers_probe";
  private static final String PROBED_OWNED_TABLE = "conntrack_helpers_probe_owned";

  public KernelSupport {
    families = Collections.unmodifiableMap(new LinkedHashMap<>(families));
  }

  /** What came of {@link #probe}. */
  public sealed interface Probe {

    record Probed(KernelSupport support) implements Probe {}

    /** The question itself was refused, for example EPERM without CAP_NET_ADMIN. */
    record Failed(Errno errno, String detail) implements Probe {}
  }

  /** Asks for the whole catalogue through a socket of any namespace. */
  public static Probe probe(NamespaceSocket socket) {
    List<NetlinkRequest> requests = new ArrayList<>();
    requests.add(NftChanges.batchBegin());
    int table = add(requests, NftChanges.newTable(PROBED_TABLE, 0, Optional.empty()));
    int ownedTable =
        add(
            requests,
            NftChanges.newTable(
                PROBED_OWNED_TABLE,
                Nft.FLAG_TABLE_OWNER | Nft.FLAG_TABLE_PERSIST,
                Optional.empty()));
    Map<Integer, Pair> pairs = new LinkedHashMap<>();
    for (HelperType type : HelperCatalog.all()) {
      for (AddressFamily family : AddressFamily.values()) {
        pairs.put(add(requests, question(type, family)), new Pair(type, family));
      }
    }
    return switch (socket.exchange(requests)) {
      case Exchange.NotSent(Errno errno) -> new Probe.Failed(errno, "send: " + errno);
      case Exchange.Lost(Errno errno) -> new Probe.Failed(errno, "receive: " + errno);
      case Exchange.Answered answered when !isYes(answered, table) -> refused(answered);
      case Exchange.Answered answered when !areAnswered(answered, requests) ->
          new Probe.Failed(Errno.EBADMSG, "probe: " + Errno.EBADMSG);
      case Exchange.Answered answered ->
          new Probe.Probed(
              new KernelSupport(families(answered, pairs), isYes(answered, ownedTable)));
    };
  }

  private static int add(List<NetlinkRequest> requests, NetlinkRequest request) {
    requests.add(request.acknowledged());
    return requests.size() - 1;
  }

  private static NetlinkRequest question(HelperType type, AddressFamily family) {
    String name = type.objectName() + "-" + family.number();
    return NftChanges.newHelper(PROBED_TABLE, name, type, Optional.of(family));
  }

  private static Map<HelperType, Set<AddressFamily>> families(
      Exchange.Answered answered, Map<Integer, Pair> pairs) {
    Map<HelperType, Set<AddressFamily>> families = new LinkedHashMap<>();
    for (HelperType type : HelperCatalog.all()) {
      Set<AddressFamily> some = EnumSet.noneOf(AddressFamily.class);
      pairs.forEach((request, pair) -> {
        if (pair.type().equals(type) && isYes(answered, request)) {
          some.add(pair.family());
        }
      });
      families.put(type, Set.copyOf(some));
    }
    return families;
  }

  /** All but the beginning of the batch; a helper without answer is not one the kernel lacks. */
  private static boolean areAnswered(Exchange.Answered answered, List<NetlinkRequest> requests) {
    return IntStream.range(1, requests.size())
        .allMatch(request -> answered.acknowledgementOf(request).isPresent());
  }

  private static boolean isYes(Exchange.Answered answered, int request) {
    return answered.acknowledgementOf(request).filter(Acknowledgement::isYes).isPresent();
  }

  private static Probe refused(Exchange.Answered answered) {
    Errno errno =
        answered.messages().stream()
            .filter(NetlinkMessage::isAcknowledgement)
            .flatMap(message -> message.acknowledgement().error().stream())
            .findFirst()
            .orElse(Errno.EBADMSG);
    return new Probe.Failed(errno, "probe: " + errno);
  }

  private record Pair(HelperType type, AddressFamily family) {}
}
