package cthelper.netfilter;

import cthelper.netfilter.ForeignRule.Effect;
import cthelper.netfilter.ForeignRule.Means;
import cthelper.netfilter.ForeignRule.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Understands a rule of nftables, expression by expression, as far as {@link ForeignRule} needs it.
 * Pure; one per rule.
 *
 * <p>Whatever is not understood counts as a further condition, so that what follows is uncertain.
 * Source: {@code linux/netfilter/nf_tables.h}, {@code nft --debug=netlink}.
 */
final class ForeignExpressions {

  private static final int EXPRESSION_NAME = 1;
  private static final int EXPRESSION_DATA = 2;
  private static final int VERDICT_REGISTER = 0;

  private static final int META_REGISTER = 1;
  private static final int META_KEY = 2;
  private static final int CT_REGISTER = 1;
  private static final int CT_KEY = 2;
  private static final int PAYLOAD_REGISTER = 1;
  private static final int PAYLOAD_HEADER = 2;
  private static final int PAYLOAD_OFFSET = 3;
  private static final int PAYLOAD_LENGTH = 4;
  private static final int TRANSPORT = 2;
  private static final int DESTINATION_PORT = 2;
  private static final int BITWISE_TO = 2;
  private static final int BITWISE_MASK = 4;
  private static final int BITWISE_XOR = 5;
  private static final int BITWISE_OPERATION = 6;
  private static final int LOOKUP_REGISTER = 3;
  private static final int OBJECT_TYPE = 1;
  private static final int OBJECT_NAME = 2;
  private static final int OBJECT_MAP = 4;
  private static final int COUNTER = 1;
  private static final int IMMEDIATE_REGISTER = 1;
  private static final int IMMEDIATE_DATA = 2;
  private static final int XT_NAME = 1;
  private static final int XT_REVISION = 2;
  private static final int XT_DATA = 3;

  private static final int DATA_VERDICT = 2;
  private static final int VERDICT_CODE = 1;
  private static final int VERDICT_CHAIN = 2;
  private static final int DROP = 0;
  private static final int CONTINUE = -1;
  private static final int BREAK = -2;
  private static final int JUMP = -3;
  private static final int GOTO = -4;
  private static final int RETURN = -5;

  private final ForeignHelpers helpers;
  private final boolean stateKnown;
  private final List<Step> steps = new ArrayList<>();
  private final ForeignConditions conditions = new ForeignConditions();
  private Scope scope = Scope.EVERYTHING;

  private ForeignExpressions(ForeignHelpers helpers, boolean stateKnown) {
    this.helpers = helpers;
    this.stateKnown = stateKnown;
  }

  /**
   * Reads a rule.
   *
   * @param helpers of its table
   * @param stateKnown whether every packet that comes here belongs to a connection already
   */
  static ForeignRule read(
      NetlinkAttributes expressions, ForeignHelpers helpers, boolean stateKnown) {
    ForeignExpressions reader = new ForeignExpressions(helpers, stateKnown);
    for (NetlinkAttribute expression : expressions.all(Nft.LIST_ELEMENT)) {
      reader.expression(expression.nest());
    }
    return new ForeignRule(reader.steps);
  }

  /** One that lacks what it had in every kernel so far is not understood. */
  private void expression(NetlinkAttributes expression) {
    try {
      NetlinkAttributes data =
          expression
              .find(EXPRESSION_DATA)
              .map(NetlinkAttribute::nest)
              .orElse(NetlinkAttributes.NONE);
      expression(expression.get(EXPRESSION_NAME).string(), data);
    } catch (MalformedNetlinkException e) {
      condition();
    }
  }

  private void expression(String name, NetlinkAttributes data) {
    switch (name) {
      case "counter", "last", "log" -> {}
      case "meta" -> load(data, META_REGISTER, loadedByMeta(data));
      case "ct" -> load(data, CT_REGISTER, loadedByCt(data));
      case "payload" -> load(data, PAYLOAD_REGISTER, loadedByPayload(data));
      case "bitwise" -> bitwise(data);
      case "cmp" -> scope = scope.and(conditions.compare(data));
      case "range" -> scope = scope.and(conditions.range(data));
      case "lookup" -> lookup(data);
      case "immediate" -> immediate(data);
      case "objref" -> object(data);
      case "notrack" -> step(new Effect.Assigns(ForeignAssignment.NOTRACK, Means.NFT_NOTRACK));
      case "match" -> match(data);
      case "target" ->
          XtRules.target(data.get(XT_NAME).string(), data.get(XT_DATA).bytes(), Means.IPTABLES)
              .ifPresent(this::step);
      case "queue" -> step(new Effect.Escapes());
      default -> condition();
    }
  }

  private void step(Effect effect) {
    steps.add(new Step(scope, effect));
  }

  /** Something that may end the rule here, or not, and may change registers. */
  private void condition() {
    scope = scope.unsure();
    conditions.forget();
  }

  /** Without a register to load it sets something of the packet, which is no condition. */
  private void load(NetlinkAttributes data, int register, ForeignConditions.Loaded loaded) {
    Optional<NetlinkAttribute> target = data.find(register);
    if (target.isPresent()) {
      conditions.load(target.get().integer(), loaded);
    }
  }

  private static ForeignConditions.Loaded loadedByMeta(NetlinkAttributes data) {
    return switch (data.get(META_KEY).integer()) {
      case 15 -> ForeignConditions.Loaded.FAMILY;
      case 16 -> ForeignConditions.Loaded.PROTOCOL;
      default -> ForeignConditions.Loaded.OTHER;
    };
  }

  private ForeignConditions.Loaded loadedByCt(NetlinkAttributes data) {
    return stateKnown && data.get(CT_KEY).integer() == 0
        ? ForeignConditions.Loaded.STATE
        : ForeignConditions.Loaded.OTHER;
  }

  private static ForeignConditions.Loaded loadedByPayload(NetlinkAttributes data) {
    int offset = data.get(PAYLOAD_OFFSET).integer();
    int length = data.get(PAYLOAD_LENGTH).integer();
    if (data.get(PAYLOAD_HEADER).integer() != TRANSPORT) {
      return ForeignConditions.Loaded.OTHER;
    }
    if (offset == DESTINATION_PORT && length == Short.BYTES) {
      return ForeignConditions.Loaded.PORT;
    }
    return offset == 0 && length == Integer.BYTES
        ? ForeignConditions.Loaded.BOTH_PORTS
        : ForeignConditions.Loaded.OTHER;
  }

  private void bitwise(NetlinkAttributes data) {
    boolean masks =
        data.find(BITWISE_OPERATION).filter(operation -> operation.integer() != 0).isEmpty();
    if (masks && data.get(BITWISE_XOR).nest().get(Nft.DATA_VALUE).isZero()) {
      conditions.mask(
          data.get(BITWISE_TO).integer(), data.get(BITWISE_MASK).nest().get(Nft.DATA_VALUE));
    } else {
      conditions.forget();
    }
  }

  private void lookup(NetlinkAttributes data) {
    Optional<NetlinkAttribute> target = data.find(LOOKUP_REGISTER);
    condition();
    if (target.isPresent() && target.get().integer() == VERDICT_REGISTER) {
      step(new Effect.EntersAny());
    }
  }

  private void object(NetlinkAttributes data) {
    Optional<NetlinkAttribute> map = data.find(OBJECT_MAP);
    if (map.isPresent()) {
      helpers.anyOf(map.get().string()).ifPresentOrElse(this::assigns, this::condition);
      return;
    }
    int type = data.get(OBJECT_TYPE).integer();
    if (type == Nft.CT_HELPER) {
      helpers.object(data.get(OBJECT_NAME).string()).ifPresent(this::assigns);
    } else if (type != COUNTER) {
      condition();
    }
  }

  /** Connections the helper cannot be for go on without one. */
  private void assigns(ForeignHelpers.Helper helper) {
    Scope assigned = scope.and(helper.scope());
    steps.add(new Step(assigned, new Effect.Assigns(helper.name(), Means.NFT)));
  }

  private void immediate(NetlinkAttributes data) {
    if (data.get(IMMEDIATE_REGISTER).integer() != VERDICT_REGISTER) {
      conditions.forget();
      return;
    }
    NetlinkAttributes verdict = data.get(IMMEDIATE_DATA).nest().get(DATA_VERDICT).nest();
    switch (verdict.get(VERDICT_CODE).integer()) {
      case DROP, CONTINUE, BREAK -> {}
      case JUMP -> step(new Effect.Enters(verdict.get(VERDICT_CHAIN).string(), true));
      case GOTO -> step(new Effect.Enters(verdict.get(VERDICT_CHAIN).string(), false));
      case RETURN -> step(new Effect.Returns());
      default -> step(new Effect.Escapes());
    }
  }

  private void match(NetlinkAttributes data) {
    scope =
        scope.and(
            XtRules.match(
                data.get(XT_NAME).string(),
                data.get(XT_REVISION).integer(),
                data.get(XT_DATA).bytes()));
  }
}
