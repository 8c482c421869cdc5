package cthelper.truth;

import cthelper.truth.Model.Helper;
import cthelper.truth.Step.AtOnce;
import cthelper.truth.Step.CreateRouter;
import cthelper.truth.Step.DeleteRouter;
import cthelper.truth.Step.Freeze;
import cthelper.truth.Step.HelperStep;
import cthelper.truth.Step.KillDuring;
import cthelper.truth.Step.OutsideStep;
import cthelper.truth.Step.Restart;
import cthelper.truth.Step.Settle;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** The service, the namespaces of its routers, and everything that is done to them. */
final class World implements AutoCloseable {

  private static final Duration SETTLED = Duration.ofSeconds(20);
  private static final Duration SLOW = Duration.ofSeconds(2);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

  private final List<String> ids;
  private final Model model = new Model();
  private final Touches touches = new Touches();
  private final Wires wires = new Wires();
  private final Checker checker;
  private final Users users;
  private final Others others;
  private final Service service;
  private final Watcher watcher;
  private Duration slowest = Duration.ZERO;

  /** Starts the service with these settings; routers get their ids from the random numbers. */
  World(Random random, Map<String, String> settings) {
    ids = Stream.generate(() -> id(random)).limit(Place.ROUTERS).toList();
    checker = new Checker(model, ids, new ExpectedRuleset());
    users = new Users(model, ids);
    others = new Others(model, ids, wires, touches);
    service = new Service(settings);
    watcher = new Watcher(service, ids, touches);
    start();
  }

  private static String id(Random random) {
    return UUID.nameUUIDFromBytes(
            Long.toString(random.nextLong()).getBytes(StandardCharsets.US_ASCII))
        .toString();
  }

  /**
   * Does one step; returns what came of it in a few words.
   *
   * @throws Untrue when something is not as it must be
   */
  String run(Step step) {
    String outcome =
        switch (step) {
          case HelperStep it -> users.run(client(), it, true);
          case CreateRouter it -> users.createRouter(client(), it.router());
          case DeleteRouter it -> users.deleteRouter(client(), it.router());
          case OutsideStep it -> others.run(it);
          case Restart it -> restart(it);
          case KillDuring it -> killDuring(it);
          case Freeze it -> freeze(it);
          case AtOnce it -> atOnce(it);
          case Settle it -> settle(it.place());
        };
    requireTruth();
    return outcome;
  }

  private void requireTruth() {
    watcher
        .lie()
        .ifPresent(lie -> {
          throw new Untrue("seen by the watcher: " + lie);
        });
  }

  private String restart(Restart step) {
    touches.serviceIsUp(false);
    service.end(step.death());
    String outcome = meanwhile(step.meanwhile());
    start();
    return outcome;
  }

  private String killDuring(KillDuring step) {
    Client client = client();
    List<Helper> before = model.helpers(step.request().router());
    touches.serviceIsUp(false);
    String answer;
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<String> request = thread.submit(() -> users.run(client, step.request(), false));
      LockSupport.parkNanos(Duration.ofMillis(step.millis()).toNanos());
      service.end(Step.Death.SIGKILL);
      answer = answer(request).orElse("no answer");
    }
    String outcome = answer + ", " + meanwhile(step.meanwhile());
    start();
    if (answer.equals("no answer")) {
      outcome += ", " + users.accept(client(), step.request().router(), before);
    }
    return outcome;
  }

  private static Optional<String> answer(Future<String> request) {
    try {
      return Optional.of(request.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException) {
        return Optional.empty();
      }
      throw e.getCause() instanceof RuntimeException it ? it : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private String freeze(Freeze step) {
    touches.serviceIsUp(false);
    service.freeze();
    try {
      return meanwhile(step.meanwhile());
    } finally {
      service.thaw();
      touches.serviceIsUp(true);
      model.serviceStarts();
    }
  }

  private void start() {
    service.start();
    touches.serviceIsUp(true);
    model.serviceStarts();
  }

  private String meanwhile(List<OutsideStep> steps) {
    return steps.stream().map(others::run).toList().toString();
  }

  private String atOnce(AtOnce step) {
    CyclicBarrier begin = new CyclicBarrier(step.steps().size());
    try (ExecutorService threads = Executors.newFixedThreadPool(step.steps().size())) {
      List<Callable<String>> calls = new ArrayList<>();
      for (Step one : step.steps()) {
        calls.add(() -> {
          begin.await();
          return switch (one) {
            case HelperStep it -> users.run(client(), it, false);
            case OutsideStep it -> others.run(it);
            default -> throw new IllegalStateException("not at the same time: " + one);
          };
        });
      }
      List<String> outcomes = new ArrayList<>();
      for (Future<String> call : threads.invokeAll(calls)) {
        outcomes.add(answer(call).orElseThrow(() -> new Untrue("no answer to a request")));
      }
      return outcomes.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until all is as it must be; then packets must find it so. */
  private String settle(Place place) {
    String outcome = settle();
    model
        .namespace(place)
        .ifPresent(namespace -> {
          for (Helper helper : model.helpers(place.router())) {
            others.connectSettled(place, helper.type().protocol, helper.port());
          }
          others.connectSettled(place, "tcp", 7777);
        });
    List<String> differences = checker.differences(client());
    if (!differences.isEmpty()) {
      throw new Untrue("settled, but then:\n" + String.join("\n", differences));
    }
    return outcome;
  }

  private String settle() {
    long begin = System.nanoTime();
    List<String> differences = checker.differences(client());
    String last = "";
    while (!differences.isEmpty()) {
      requireTruth();
      if (System.nanoTime() - begin > SETTLED.toNanos()) {
        throw new Untrue(
            "not settled after %s:\n%s".formatted(SETTLED, String.join("\n", differences)));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
      last = differences.getFirst();
      differences = checker.differences(client());
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    slowest = took.compareTo(slowest) > 0 ? took : slowest;
    return "settled in %d ms".formatted(took.toMillis())
        + (took.compareTo(SLOW) > 0 ? ", waiting for " + last : "");
  }

  /** The longest time it took to settle. */
  Duration slowest() {
    return slowest;
  }

  long looks() {
    return watcher.looks();
  }

  /** The last lines of the service's log. */
  String lastWords() {
    return service.lastWords();
  }

  private Client client() {
    return service.client().orElseThrow(() -> new Untrue("the service is not running"));
  }

  @Override
  public void close() {
    try (wires;
        service;
        watcher) {
      for (Place place : Place.all()) {
        if (model.namespace(place).isPresent()) {
          others.run(new Step.DeleteNamespace(place));
        }
      }
    }
  }
}
