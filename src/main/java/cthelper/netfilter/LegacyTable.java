package cthelper.netfilter;

import cthelper.model.AddressFamily;
import cthelper.netfilter.ForeignRule.Effect;
import cthelper.netfilter.ForeignRule.Means;
import cthelper.netfilter.ForeignRule.Step;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code raw} table of iptables-legacy as the kernel shows it: rules one behind the other, in
 * host order. Pure; one per table that was read.
 *
 * <p>A rule is the conditions of the IP header, two offsets, counters, matches, a target. Chains of
 * hooks begin where the kernel says; others behind a rule with the target ERROR, which names them.
 * Source: {@code struct ipt_entry}, {@code ip6t_entry}, {@code xt_entry_match}, {@code
 * xt_entry_target}.
 */
final class LegacyTable {

  private static final int PRIORITY = -300;
  private static final int PREROUTING = 0;
  private static final int OUTPUT = 3;

  private static final int INFO_HOOKS = 32;
  private static final int INFO_ENTRIES = 36;
  private static final int HEADER_BYTES = 40;

  /** Of a match or target: u16 size, name[29], u8 revision, data. */
  private static final int NAME = 2;

  private static final int NAME_BYTES = 29;
  private static final int REVISION = 31;
  private static final int DATA = 32;

  private static final int INVERTED_PROTOCOL = 0x40;
  private static final int CHAIN_NAME_BYTES = 30;
  private static final int DROP = -1;
  private static final int RETURN = -5;

  private final AddressFamily family;
  private final Layout layout;
  private final byte[] bytes;
  private final ByteBuffer host;
  private final Map<Integer, String> hooks = new HashMap<>();

  /** The chain whose first rule is at that offset, but for those of hooks. */
  private final Map<Integer, String> chains = new HashMap<>();

  /**
   * Where things are in a rule.
   *
   * @param addresses where conditions on addresses and interfaces end, which begin at 0
   * @param flags u8, and behind it the inverting ones
   * @param harmlessFlags that are no condition
   * @param targetOffset u16, and behind it the offset of the next rule
   * @param header where matches begin
   */
  private record Layout(
      int addresses, int flags, int gotoFlag, int harmlessFlags, int targetOffset, int header) {

    static final Layout IPV4 = new Layout(80, 82, 2, 0, 88, 112);
    static final Layout IPV6 = new Layout(128, 131, 4, 1, 140, 168);

    static Layout of(AddressFamily family) {
      return family == AddressFamily.IPV4 ? IPV4 : IPV6;
    }
  }

  /**
   * @param info the answer to GET_INFO
   * @param entries the answer to GET_ENTRIES
   */
  LegacyTable(AddressFamily family, byte[] info, byte[] entries) {
    this.family = family;
    this.layout = Layout.of(family);
    this.bytes =
        Arrays.copyOfRange(entries, Math.min(HEADER_BYTES, entries.length), entries.length);
    this.host = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    ByteBuffer about = ByteBuffer.wrap(info).order(ByteOrder.nativeOrder());
    int valid = about.getInt(INFO_HOOKS);
    Map.of(PREROUTING, "PREROUTING", OUTPUT, "OUTPUT")
        .forEach((hook, name) -> {
          if ((valid & 1 << hook) != 0) {
            hooks.put(about.getInt(INFO_ENTRIES + hook * Integer.BYTES), name);
          }
        });
  }

  /**
   * The assignments new connections meet.
   *
   * @throws MalformedNetlinkException when a length or an offset lies
   */
  List<ForeignAssignment> assignments() {
    List<Integer> offsets = offsets();
    for (int at : offsets) {
      if (targetName(at).equals("ERROR")) {
        chains.put(next(at), text(target(at) + DATA, CHAIN_NAME_BYTES));
      }
    }
    Map<String, List<ForeignRule>> rules = new LinkedHashMap<>();
    String chain = "";
    for (int at : offsets) {
      chain = hooks.getOrDefault(at, chains.getOrDefault(at, chain));
      rules.computeIfAbsent(chain, name -> new ArrayList<>()).add(rule(at));
    }
    List<ForeignRule> prerouting = rules.getOrDefault("PREROUTING", List.of());
    hooks.values().forEach(rules::remove);
    String table = (family == AddressFamily.IPV4 ? "ip " : "ip6 ") + "raw";
    return new ChainWalk(table, rules, PRIORITY).from("PREROUTING", prerouting, Scope.of(family));
  }

  private List<Integer> offsets() {
    List<Integer> offsets = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      require(at + layout.header + DATA <= bytes.length, at);
      require(target(at) >= at + layout.header, at);
      require(target(at) + DATA <= next(at) && next(at) <= bytes.length, at);
      offsets.add(at);
      at = next(at);
    }
    return offsets;
  }

  private ForeignRule rule(int at) {
    Scope scope = header(at);
    int match = at + layout.header;
    while (match < target(at)) {
      int end = match + unsigned(match);
      require(end >= match + DATA && end <= target(at), match);
      scope =
          scope.and(
              XtRules.match(
                  text(match + NAME, NAME_BYTES),
                  Byte.toUnsignedInt(bytes[match + REVISION]),
                  Arrays.copyOfRange(bytes, match + DATA, end)));
      match = end;
    }
    Scope let = scope;
    return new ForeignRule(effect(at).map(effect -> new Step(let, effect)).stream().toList());
  }

  /** The conditions on the IP header. */
  private Scope header(int at) {
    int protocol = unsigned(at + layout.addresses);
    int flags = bytes[at + layout.flags] & ~layout.gotoFlag & ~layout.harmlessFlags;
    int inverted = bytes[at + layout.flags + 1];
    boolean anyProtocol = protocol == 0 || (inverted & INVERTED_PROTOCOL) != 0;
    Scope scope = anyProtocol ? Scope.EVERYTHING : Scope.ofProtocol(protocol);
    boolean understood = flags == 0 && inverted == 0 && isZero(at, at + layout.addresses);
    return understood ? scope : scope.unsure();
  }

  private Optional<Effect> effect(int at) {
    int target = target(at);
    String name = targetName(at);
    if (name.equals("ERROR")) {
      return Optional.empty(); // the head of a chain: no packet comes here
    }
    if (!name.isEmpty()) {
      byte[] data = Arrays.copyOfRange(bytes, target + DATA, next(at));
      return XtRules.target(name, data, Means.IPTABLES_LEGACY);
    }
    require(target + DATA + Integer.BYTES <= next(at), at);
    int verdict = host.getInt(target + DATA);
    if (verdict >= 0) {
      return verdict == next(at) ? Optional.empty() : Optional.of(enters(at, verdict));
    }
    return switch (verdict) {
      case DROP -> Optional.empty();
      case RETURN -> Optional.of(new Effect.Returns());
      default -> Optional.of(new Effect.Escapes());
    };
  }

  private Effect enters(int at, int first) {
    String chain = chains.get(first);
    boolean comesBack = (bytes[at + layout.flags] & layout.gotoFlag) == 0;
    return chain == null ? new Effect.EntersAny() : new Effect.Enters(chain, comesBack);
  }

  private int target(int at) {
    return at + unsigned(at + layout.targetOffset);
  }

  private int next(int at) {
    return at + unsigned(at + layout.targetOffset + Short.BYTES);
  }

  private String targetName(int at) {
    return text(target(at) + NAME, NAME_BYTES);
  }

  private int unsigned(int at) {
    return Short.toUnsignedInt(host.getShort(at));
  }

  private String text(int from, int length) {
    return XtRules.text(bytes, from, Math.min(length, bytes.length - from));
  }

  private boolean isZero(int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private static void require(boolean sane, int at) {
    if (!sane) {
      throw new MalformedNetlinkException("a rule at offset %d claims too much".formatted(at));
    }
  }
}
