package cthelper.netfilter;

import cthelper.model.AddressFamily;
import java.util.EnumSet;

/**
 * The registers of the kernel's virtual machine, as far as conditions of foreign rules are
 * understood: what was loaded last, and what a comparison of it lets through. One per rule.
 */
final class ForeignConditions {

  private static final int COMPARE_REGISTER = 1;
  private static final int COMPARE_OPERATOR = 2;
  private static final int COMPARE_VALUE = 3;
  private static final int RANGE_REGISTER = 1;
  private static final int RANGE_OPERATOR = 2;
  private static final int RANGE_FROM = 3;
  private static final int RANGE_TO = 4;

  private static final int EQUAL = 0;
  private static final int NOT_EQUAL = 1;
  private static final int LESS = 2;
  private static final int LESS_OR_EQUAL = 3;
  private static final int GREATER = 4;
  private static final int GREATER_OR_EQUAL = 5;

  private static final Scope NOTHING = Scope.of(EnumSet.noneOf(AddressFamily.class));
  private static final Scope UNKNOWN = Scope.EVERYTHING.unsure();
  private static final int NO_REGISTER = -1;

  /** The state of the connections that matter here, for others have a helper or none already. */
  private static final int STATE_NEW = 8;

  private int register = NO_REGISTER;
  private Loaded loaded = Loaded.OTHER;
  private int state;

  /** What is in the register that was loaded last. */
  enum Loaded {
    FAMILY,
    PROTOCOL,
    PORT,
    /** Source and destination port at once, as nft(8) joins comparisons. */
    BOTH_PORTS,
    STATE,
    OTHER
  }

  void load(int into, Loaded what) {
    register = into;
    loaded = what;
    state = STATE_NEW;
  }

  void forget() {
    register = NO_REGISTER;
    loaded = Loaded.OTHER;
  }

  /** The register is masked, in place. */
  void mask(int of, NetlinkAttribute mask) {
    if (of == register && loaded == Loaded.STATE) {
      state &= mask.hostInteger();
    } else {
      forget();
    }
  }

  /** What the expression {@code cmp} lets through. */
  Scope compare(NetlinkAttributes data) {
    if (data.get(COMPARE_REGISTER).integer() != register) {
      return UNKNOWN;
    }
    NetlinkAttribute value = data.get(COMPARE_VALUE).nest().get(Nft.DATA_VALUE);
    int operator = data.get(COMPARE_OPERATOR).integer();
    return switch (loaded) {
      case FAMILY -> operator == EQUAL ? family(value.octet()) : UNKNOWN;
      case PROTOCOL -> operator == EQUAL ? Scope.ofProtocol(value.octet()) : UNKNOWN;
      case PORT -> ports(operator, value.shortInteger());
      case BOTH_PORTS ->
          operator == EQUAL ? ports(EQUAL, value.integer() & 0xffff).unsure() : UNKNOWN;
      case STATE -> state(operator, value.hostInteger());
      case OTHER -> UNKNOWN;
    };
  }

  /** What the expression {@code range} lets through. */
  Scope range(NetlinkAttributes data) {
    if (data.get(RANGE_REGISTER).integer() != register || loaded != Loaded.PORT) {
      return UNKNOWN;
    }
    Ports named =
        Ports.between(
            data.get(RANGE_FROM).nest().get(Nft.DATA_VALUE).shortInteger(),
            data.get(RANGE_TO).nest().get(Nft.DATA_VALUE).shortInteger());
    boolean equal = data.get(RANGE_OPERATOR).integer() == EQUAL;
    return Scope.of(equal ? named : named.not());
  }

  private static Scope family(int number) {
    for (AddressFamily family : AddressFamily.values()) {
      if (family.number() == number) {
        return Scope.of(family);
      }
    }
    return NOTHING;
  }

  private static Scope ports(int operator, int port) {
    Ports equal = Ports.between(port, port);
    Ports less = Ports.between(0, port - 1);
    return switch (operator) {
      case EQUAL -> Scope.of(equal);
      case NOT_EQUAL -> Scope.of(equal.not());
      case LESS -> Scope.of(less);
      case LESS_OR_EQUAL -> Scope.of(less.or(equal));
      case GREATER -> Scope.of(less.or(equal).not());
      case GREATER_OR_EQUAL -> Scope.of(less.not());
      default -> UNKNOWN;
    };
  }

  private Scope state(int operator, int value) {
    return switch (operator) {
      case EQUAL -> state == value ? Scope.EVERYTHING : NOTHING;
      case NOT_EQUAL -> state != value ? Scope.EVERYTHING : NOTHING;
      default -> UNKNOWN;
    };
  }
}
