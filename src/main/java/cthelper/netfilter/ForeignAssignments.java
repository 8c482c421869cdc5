package cthelper.netfilter;

import cthelper.netfilter.ConsistentDumps.End;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what other programs' nftables rules, those of iptables-nft among them, do to new
 * connections before our table sees them (iptables-legacy: {@link NamespaceDoor#readLegacy}).
 *
 * <p>Only tables with a chain at the prerouting hook that comes first are read. Stateless.
 * Microseconds on a busy machine: 20 where there is no such table, whatever else there is; 5,000
 * for 1,000 rules before ours, two thirds of it in the kernel.
 */
public final class ForeignAssignments {

  private static final int ATTEMPTS = 20;

  private ForeignAssignments() {}

  /** Reads the namespace of this socket, all of it at one moment. */
  public static ForeignReading read(NamespaceSocket socket) {
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<ForeignReading> reading = tryToRead(socket);
        if (reading.isPresent()) {
          return reading.get();
        }
      }
      return new ForeignReading.Contended(ATTEMPTS);
    } catch (MalformedNetlinkException e) {
      return new ForeignReading.Failed(Errno.EBADMSG, "foreign rules: " + e.getMessage());
    }
  }

  private static Optional<ForeignReading> tryToRead(NamespaceSocket socket) {
    ConsistentDumps kernel = new ConsistentDumps(socket);
    List<ForeignAssignment> assignments = assignments(kernel);
    return switch (kernel.end()) {
      case End.Whole(int generation) ->
          Optional.of(new ForeignReading.Read(assignments, generation));
      case End.Torn() -> Optional.empty();
      case End.Failed(Errno errno) ->
          Optional.of(new ForeignReading.Failed(errno, "foreign rules: " + errno));
    };
  }

  private static List<ForeignAssignment> assignments(ConsistentDumps kernel) {
    List<Hooked> hooked = hooked(kernel.dump(NftQueries.chains()));
    List<Hooked> first = new ArrayList<>(hooked);
    first.removeIf(chain -> !chain.comesFirst);
    if (first.isEmpty()) {
      return List.of();
    }
    Set<NftTable> dormant = dormant(kernel.dump(NftQueries.tables()));
    first.removeIf(chain -> dormant.contains(chain.table));
    first.sort(Comparator.comparingInt(Hooked::priority));
    Map<NftTable, Map<String, List<ForeignRule>>> tables = new HashMap<>();
    List<ForeignAssignment> assignments = new ArrayList<>();
    for (Hooked chain : first) {
      Map<String, List<ForeignRule>> rules =
          tables.computeIfAbsent(chain.table, table -> rules(kernel, table, first));
      Map<String, List<ForeignRule>> others = new LinkedHashMap<>(rules);
      hooked.stream()
          .filter(other -> other.table.equals(chain.table))
          .forEach(other -> others.remove(other.name));
      assignments.addAll(
          new ChainWalk(chain.table.toString(), others, chain.priority)
              .from(
                  chain.name,
                  rules.getOrDefault(chain.name, List.of()),
                  NftTable.scope(chain.table.family())));
    }
    return assignments;
  }

  /**
   * A chain at a hook.
   *
   * @param comesFirst whether packets can meet it before ours
   */
  private record Hooked(NftTable table, String name, int priority, boolean comesFirst) {}

  /** Those with type {@code nat} are called from another place, after ours, for any priority. */
  private static List<Hooked> hooked(List<NetlinkMessage> chains) {
    List<Hooked> hooked = new ArrayList<>();
    for (NetlinkMessage message : chains) {
      NetlinkAttributes chain = message.attributes();
      NftTable table = new NftTable(message.family(), chain.get(Nft.CHAIN_TABLE).string());
      Optional<NetlinkAttribute> hook = chain.find(Nft.CHAIN_HOOK);
      if (hook.isPresent() && table.isOfIp() && !table.equals(NftTable.OURS)) {
        int priority = hook.get().nest().get(Nft.HOOK_PRIORITY).integer();
        boolean comesFirst =
            hook.get().nest().get(Nft.HOOK_NUMBER).integer() == Nft.HOOK_PREROUTING
                && chain.get(Nft.CHAIN_TYPE).string().equals("filter")
                && ChainWalk.comesFirst(priority);
        hooked.add(new Hooked(table, chain.get(Nft.CHAIN_NAME).string(), priority, comesFirst));
      }
    }
    return hooked;
  }

  private static Set<NftTable> dormant(List<NetlinkMessage> tables) {
    Set<NftTable> dormant = new HashSet<>();
    for (NetlinkMessage message : tables) {
      NetlinkAttributes table = message.attributes();
      if ((table.get(Nft.TABLE_FLAGS).integer() & Nft.FLAG_TABLE_DORMANT) != 0) {
        dormant.add(new NftTable(message.family(), table.get(Nft.TABLE_NAME).string()));
      }
    }
    return dormant;
  }

  /** The table's rules by chain, in order. */
  private static Map<String, List<ForeignRule>> rules(
      ConsistentDumps kernel, NftTable table, List<Hooked> first) {
    ForeignHelpers helpers =
        new ForeignHelpers(
            ConsistentDumps.attributes(kernel.dump(NftQueries.objects(table))),
            ConsistentDumps.attributes(kernel.dump(NftQueries.sets(table))));
    boolean stateKnown =
        first.stream()
            .filter(chain -> chain.table.equals(table))
            .allMatch(chain -> ChainWalk.knowsConnections(chain.priority));
    Map<String, List<ForeignRule>> rules = new LinkedHashMap<>();
    for (NetlinkMessage message : kernel.dump(NftQueries.rules(table))) {
      NetlinkAttributes rule = message.attributes();
      Optional<NetlinkAttribute> expressions = rule.find(Nft.RULE_EXPRESSIONS);
      if (expressions.isPresent()) {
        rules
            .computeIfAbsent(rule.get(Nft.RULE_CHAIN).string(), chain -> new ArrayList<>())
            .add(ForeignExpressions.read(expressions.get().nest(), helpers, stateKnown));
      }
    }
    return rules;
  }
}
