package cthelper.truth;

import cthelper.lab.Command;
import cthelper.lab.LabNamespace;
import cthelper.truth.Model.Helper;
import cthelper.truth.Model.Namespace;
import cthelper.truth.Step.AddNamespace;
import cthelper.truth.Step.Connect;
import cthelper.truth.Step.DeleteNamespace;
import cthelper.truth.Step.FlushRuleset;
import cthelper.truth.Step.OutsideStep;
import cthelper.truth.Step.PutForeign;
import cthelper.truth.Step.ReplaceNamespace;
import cthelper.truth.Step.TakeElement;
import cthelper.truth.Step.Tamper;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Does what other programs do: namespaces, rules, connections. Thread-safe; one thing at a time in
 * one place.
 */
final class Others {

  private final Model model;
  private final List<String> ids;
  private final Wires wires;
  private final Touches touches;
  private final Map<Place, Object> locks =
      Place.all().stream().collect(Collectors.toMap(place -> place, place -> new Object()));

  /**
   * @param ids of the routers
   */
  Others(Model model, List<String> ids, Wires wires, Touches touches) {
    this.model = model;
    this.ids = ids;
    this.wires = wires;
    this.touches = touches;
  }

  /** Does it; returns what came of it in a few words. */
  String run(OutsideStep step) {
    synchronized (Objects.requireNonNull(locks.get(step.place()))) {
      return doIt(step);
    }
  }

  private String doIt(OutsideStep step) {
    return switch (step) {
      case AddNamespace(Place place) ->
          model.namespace(place).isPresent() ? "is there" : touched(place, () -> add(place));
      case DeleteNamespace(Place place) ->
          model.namespace(place).isEmpty() ? "is not there" : touched(place, () -> delete(place));
      case ReplaceNamespace(Place place) ->
          model.namespace(place).isEmpty() ? "is not there" : touched(place, () -> replace(place));
      case Tamper(Place place, Tampering what) ->
          edit(place, what.text, () -> tampered(place, what));
      case TakeElement(Place place, int nth) ->
          model
              .nth(place.router(), nth)
              .map(helper -> edit(place, taking(helper), () -> {}))
              .orElse("nothing to take");
      case PutForeign(Place place, ForeignTable table, boolean present) ->
          foreign(place, table, present);
      case FlushRuleset(Place place) -> edit(place, "flush ruleset", () -> flushed(place));
      case Connect(Place place, String protocol, int port) ->
          model
              .namespace(place)
              .filter(namespace -> !namespace.foreign.isEmpty())
              .map(namespace -> connect(place, namespace, protocol, port))
              .orElse("nobody tracks connections there");
    };
  }

  /** A connection whose helper, if there is an assignment, must stay as long as that does. */
  void connectSettled(Place place, String protocol, int port) {
    Namespace namespace = model.namespace(place).orElseThrow();
    Optional<Helper> kept =
        model
            .at(place.router(), protocol, port)
            .filter(helper -> !isForeign(namespace) && !namespace.occupied);
    if (kept.isPresent() || !namespace.foreign.isEmpty()) {
      int _ = open(place, namespace, protocol, port, kept);
    }
  }

  private String connect(Place place, Namespace namespace, String protocol, int port) {
    return "port " + open(place, namespace, protocol, port, Optional.empty());
  }

  private int open(
      Place place, Namespace namespace, String protocol, int port, Optional<Helper> kept) {
    boolean judged = !isForeign(namespace) && !touches.areUnseen(place);
    int sourcePort = wires.open(namespace(place), protocol, port);
    namespace.add(new Connection(protocol, sourcePort, port, kept, judged));
    return sourcePort;
  }

  private static boolean isForeign(Namespace namespace) {
    return namespace.foreign.stream().anyMatch(ForeignTable::assigns);
  }

  private String add(Place place) {
    model.namespaceAdded(place);
    addBare(place);
    furnish(place);
    return "added";
  }

  private String delete(Place place) {
    wires.unlink(namespace(place));
    Command.of("ip", "netns", "del", namespace(place).name()).run();
    model.namespaceDeleted(place);
    return "deleted";
  }

  private String replace(Place place) {
    wires.unlink(namespace(place));
    Command.of("ip", "netns", "del", namespace(place).name()).run();
    addBare(place);
    model.namespaceDeleted(place);
    model.namespaceAdded(place);
    furnish(place);
    return "replaced";
  }

  /** With a link, and a firewall that tracks connections. */
  private void furnish(Place place) {
    wires.link(namespace(place));
    namespace(place).nft(ForeignTable.FIREWALL.text);
    model.namespace(place).orElseThrow().foreign.add(ForeignTable.FIREWALL);
  }

  private void addBare(Place place) {
    Command.of("ip", "netns", "add", namespace(place).name()).after("unshare", "-n").run();
  }

  private void tampered(Place place, Tampering what) {
    Namespace namespace = model.namespace(place).orElseThrow();
    if (what == Tampering.OCCUPY) {
      namespace.occupied = true;
    } else if (what == Tampering.DELETE_TABLE) {
      namespace.occupied = false;
    }
  }

  private void flushed(Place place) {
    Namespace namespace = model.namespace(place).orElseThrow();
    namespace.foreign.clear();
    namespace.occupied = false;
  }

  private String foreign(Place place, ForeignTable table, boolean present) {
    boolean isThere =
        model.namespace(place).map(namespace -> namespace.foreign.contains(table)).orElse(!present);
    return isThere == present
        ? "nothing to do"
        : edit(
            place,
            present ? table.text : table.removal,
            () -> {
              Namespace namespace = model.namespace(place).orElseThrow();
              boolean _ = present ? namespace.foreign.add(table) : namespace.foreign.remove(table);
            });
  }

  private static String taking(Helper helper) {
    return "delete element inet conntrack_helpers assign { %s . %d }"
        .formatted(helper.type().protocol, helper.port());
  }

  /** Loads text for nft; the kernel may refuse it, for example because our table is owned. */
  private String edit(Place place, String text, Runnable done) {
    Optional<Namespace> namespace = model.namespace(place);
    if (namespace.isEmpty()) {
      return "no namespace";
    }
    if (namespace.get().occupied
        && text.contains("conntrack_helpers")
        && !text.contains("delete table")) {
      return "not ours to change";
    }
    if (!touches.mayEdit(place)) {
      return "enough edits for now";
    }
    return touched(
        place,
        () -> {
          try {
            namespace(place).nft(text);
          } catch (IllegalStateException refusal) {
            return "refused: " + reason(refusal);
          }
          done.run();
          touches.edited(place);
          return "done";
        });
  }

  private static String reason(IllegalStateException refusal) {
    String message = String.valueOf(refusal.getMessage()).lines().findFirst().orElse("");
    return message.substring(message.lastIndexOf(": ") + 2);
  }

  private String touched(Place place, Supplier<String> work) {
    touches.touch(place);
    try {
      return work.get();
    } finally {
      touches.touch(place);
    }
  }

  private LabNamespace namespace(Place place) {
    return new LabNamespace(place.name(ids.get(place.router())));
  }
}
