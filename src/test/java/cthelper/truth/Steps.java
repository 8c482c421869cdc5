package cthelper.truth;

import cthelper.service.CatalogueEntry;
import cthelper.truth.Step.AddNamespace;
import cthelper.truth.Step.AtOnce;
import cthelper.truth.Step.Connect;
import cthelper.truth.Step.CreateHelper;
import cthelper.truth.Step.CreateNonsense;
import cthelper.truth.Step.CreateRouter;
import cthelper.truth.Step.Death;
import cthelper.truth.Step.DeleteHelper;
import cthelper.truth.Step.DeleteNamespace;
import cthelper.truth.Step.DeleteRouter;
import cthelper.truth.Step.FlushRuleset;
import cthelper.truth.Step.Freeze;
import cthelper.truth.Step.HelperStep;
import cthelper.truth.Step.KillDuring;
import cthelper.truth.Step.OutsideStep;
import cthelper.truth.Step.PutForeign;
import cthelper.truth.Step.ReplaceNamespace;
import cthelper.truth.Step.Restart;
import cthelper.truth.Step.Settle;
import cthelper.truth.Step.TakeElement;
import cthelper.truth.Step.Tamper;
import cthelper.truth.Step.UpdateHelper;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** An endless sequence of steps that depends on the random numbers alone. */
final class Steps {

  /** Few, so that they collide; some have assignments of others. */
  private static final List<Integer> PORTS = List.of(21, 69, 2121, 5060, 65535);

  private final Random random;
  private final Deque<Step> beginning = new ArrayDeque<>();

  Steps(Random random) {
    this.random = random;
    beginning.add(new AddNamespace(new Place(0, false)));
    for (int router = 1; router < Place.ROUTERS; router++) {
      beginning.add(new CreateRouter(router));
      Place.of(router).forEach(place -> beginning.add(new AddNamespace(place)));
    }
  }

  Step next() {
    return beginning.isEmpty() ? random() : beginning.remove();
  }

  private Step random() {
    int chance = random.nextInt(1000);
    if (chance < 150) {
      return new Settle(place());
    }
    if (chance < 500) {
      return helperStep();
    }
    if (chance < 560) {
      return random.nextInt(4) < 3 ? new CreateRouter(router()) : new DeleteRouter(router());
    }
    if (chance < 880) {
      return outsideStep();
    }
    if (chance < 960) {
      return atOnce();
    }
    if (chance < 980) {
      return new Freeze(several(3, this::outsideStep));
    }
    if (chance < 990) {
      return new Restart(pick(List.of(Death.values())), several(3, this::outsideStep));
    }
    return new KillDuring(changingStep(), random.nextInt(25), several(2, this::outsideStep));
  }

  private HelperStep helperStep() {
    if (random.nextInt(12) == 0) {
      return nonsense();
    }
    return random.nextInt(100) < 55 ? create() : changingStep();
  }

  private CreateHelper create() {
    return new CreateHelper(router(), type(), port());
  }

  private HelperStep changingStep() {
    int router = router();
    int nth = random.nextInt(20);
    return switch (random.nextInt(5)) {
      case 0, 1 -> new DeleteHelper(router, nth);
      case 2 -> new UpdateHelper(router, nth, Optional.of(type()), Optional.empty());
      case 3 -> new UpdateHelper(router, nth, Optional.empty(), Optional.of(port()));
      default -> new UpdateHelper(router, nth, Optional.of(type()), Optional.of(port()));
    };
  }

  private CreateNonsense nonsense() {
    return switch (random.nextInt(4)) {
      case 0 -> new CreateNonsense(router(), "ftp", "udp", port());
      case 1 -> new CreateNonsense(router(), "ftp", "tcp", 0);
      case 2 -> new CreateNonsense(router(), "Q.931", "tcp", port());
      default -> new CreateNonsense(router(), "tftp\" }; flush ruleset", "udp", port());
    };
  }

  private OutsideStep outsideStep() {
    int chance = random.nextInt(100);
    if (chance < 18) {
      return new AddNamespace(place());
    }
    if (chance < 21) {
      return new DeleteNamespace(place());
    }
    if (chance < 29) {
      return new ReplaceNamespace(place());
    }
    if (chance < 52) {
      return tamper();
    }
    if (chance < 57) {
      return new TakeElement(place(), random.nextInt(20));
    }
    if (chance < 75) {
      return new PutForeign(place(), pick(List.of(ForeignTable.values())), random.nextBoolean());
    }
    if (chance < 80) {
      return new FlushRuleset(place());
    }
    return new Connect(place(), random.nextBoolean() ? "tcp" : "udp", port());
  }

  /** The table is deleted more often than occupied, so that occupied ones get free again. */
  private Tamper tamper() {
    return new Tamper(
        place(),
        random.nextInt(8) == 0 ? Tampering.DELETE_TABLE : pick(List.of(Tampering.values())));
  }

  private AtOnce atOnce() {
    List<Step> steps = new ArrayList<>();
    int changedRouter = router();
    steps.add(changingStepOf(changedRouter));
    steps.addAll(several(3, () -> new CreateHelper(changedRouter, type(), port())));
    steps.addAll(several(2, this::tamper));
    steps.addAll(several(1, this::place).stream().map(ReplaceNamespace::new).toList());
    return new AtOnce(steps);
  }

  private HelperStep changingStepOf(int router) {
    return random.nextBoolean()
        ? new DeleteHelper(router, random.nextInt(20))
        : new UpdateHelper(router, random.nextInt(20), Optional.of(type()), Optional.of(port()));
  }

  private <T> List<T> several(int most, Supplier<T> one) {
    List<T> all = new ArrayList<>();
    int count = random.nextInt(most + 1);
    for (int i = 0; i < count; i++) {
      all.add(one.get());
    }
    return all;
  }

  private int router() {
    return random.nextInt(Place.ROUTERS);
  }

  private Place place() {
    return new Place(router(), random.nextInt(4) == 0);
  }

  private CatalogueEntry type() {
    return pick(List.of(CatalogueEntry.values()));
  }

  private int port() {
    return pick(PORTS);
  }

  private <T> T pick(List<T> all) {
    return all.get(random.nextInt(all.size()));
  }
}
