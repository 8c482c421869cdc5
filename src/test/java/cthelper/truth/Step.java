package cthelper.truth;

import cthelper.service.CatalogueEntry;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One thing that happens. A step says what is to be done, never with whose id: "the second helper
 * of r1" is looked up when it is done. So the same seed always gives the same steps, however fast
 * the service is.
 *
 * <p>Each prints itself as one line, for example {@code create r1 ftp:tcp 21}.
 */
sealed interface Step {

  /** What users do with helpers; any of them may happen at the same time as any other step. */
  sealed interface HelperStep extends Step {
    int router();
  }

  /** What needs no running service. */
  sealed interface OutsideStep extends Step {
    Place place();
  }

  record CreateHelper(int router, CatalogueEntry type, int port) implements HelperStep {
    @Override
    public String toString() {
      return "create r%d %s %d".formatted(router, word(type), port);
    }
  }

  /** Of the router's helpers the nth, counted round. */
  record UpdateHelper(int router, int nth, Optional<CatalogueEntry> type, Optional<Integer> port)
      implements HelperStep {
    @Override
    public String toString() {
      return "update r%d #%d%s%s"
          .formatted(
              router,
              nth,
              type.map(it -> " to " + word(it)).orElse(""),
              port.map(it -> " to port " + it).orElse(""));
    }
  }

  record DeleteHelper(int router, int nth) implements HelperStep {
    @Override
    public String toString() {
      return "delete r%d #%d".formatted(router, nth);
    }
  }

  /** Something that no kernel has, or that is no port: always refused. */
  record CreateNonsense(int router, String helper, String protocol, int port)
      implements HelperStep {
    @Override
    public String toString() {
      return "create nonsense r%d %s:%s %d".formatted(router, helper, protocol, port);
    }
  }

  record CreateRouter(int router) implements Step {
    @Override
    public String toString() {
      return "create router r" + router;
    }
  }

  record DeleteRouter(int router) implements Step {
    @Override
    public String toString() {
      return "delete router r" + router;
    }
  }

  record AddNamespace(Place place) implements OutsideStep {
    @Override
    public String toString() {
      return "add namespace " + place;
    }
  }

  record DeleteNamespace(Place place) implements OutsideStep {
    @Override
    public String toString() {
      return "delete namespace " + place;
    }
  }

  /** Deleted, and at once another one of the same name. */
  record ReplaceNamespace(Place place) implements OutsideStep {
    @Override
    public String toString() {
      return "replace namespace " + place;
    }
  }

  /** Another program changes our table. */
  record Tamper(Place place, Tampering what) implements OutsideStep {
    @Override
    public String toString() {
      return "tamper " + place + " " + word(what);
    }
  }

  /** Another program takes one element out of our map. */
  record TakeElement(Place place, int nth) implements OutsideStep {
    @Override
    public String toString() {
      return "tamper %s delete-element #%d".formatted(place, nth);
    }
  }

  /** Another program has this table from now on, or no more. */
  record PutForeign(Place place, ForeignTable table, boolean present) implements OutsideStep {
    @Override
    public String toString() {
      return (present ? "put foreign " : "remove foreign ") + place + " " + word(table);
    }
  }

  record FlushRuleset(Place place) implements OutsideStep {
    @Override
    public String toString() {
      return "flush ruleset " + place;
    }
  }

  /** A packet of a new connection passes the router. */
  record Connect(Place place, String protocol, int port) implements OutsideStep {
    @Override
    public String toString() {
      return "connect %s %s %d".formatted(place, protocol, port);
    }
  }

  /** The service ends in this way, things happen, and it starts again. */
  record Restart(Death death, List<OutsideStep> meanwhile) implements Step {
    @Override
    public String toString() {
      return "restart after %s; meanwhile %s".formatted(word(death), list(meanwhile));
    }
  }

  /** SIGKILL so many milliseconds after a request was sent, things happen, and it starts again. */
  record KillDuring(HelperStep request, int millis, List<OutsideStep> meanwhile) implements Step {
    @Override
    public String toString() {
      return "kill %d ms after %s; meanwhile %s".formatted(millis, request, list(meanwhile));
    }
  }

  /** SIGSTOP, things happen, SIGCONT. */
  record Freeze(List<OutsideStep> meanwhile) implements Step {
    @Override
    public String toString() {
      return "freeze; meanwhile " + list(meanwhile);
    }
  }

  /** All begin at the same moment. Of the helpers of one router at most one is changed. */
  record AtOnce(List<Step> steps) implements Step {
    @Override
    public String toString() {
      return "at once " + list(steps);
    }
  }

  /** Wait until all is as the model says, then open connections in one place and look again. */
  record Settle(Place place) implements Step {
    @Override
    public String toString() {
      return "settle, connect in " + place;
    }
  }

  /** How the service ends. */
  enum Death {
    SIGTERM,
    SIGKILL,
    /** SIGKILL to its embedded database: the service is to end by itself. */
    DATABASE
  }

  private static String list(List<? extends Step> steps) {
    return steps.stream().map(Object::toString).collect(Collectors.joining(" | ", "[", "]"));
  }

  private static String word(CatalogueEntry type) {
    return type.helper + ":" + type.protocol;
  }

  private static String word(Enum<?> what) {
    return what.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
