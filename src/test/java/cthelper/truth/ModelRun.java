package cthelper.truth;

import cthelper.testing.Seed;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One run of the model-based test: as many random steps as wanted, and a check that all is as it
 * must be. The same seed gives the same steps. Run by {@code ./run model --seed N --steps M}.
 *
 * <p>With an odd seed the service's tables belong to nobody ({@code
 * CTHELPER_EXECUTOR_TABLE_OWNER=false}), so that others can really change them; with an even one
 * they are owned where the kernel can.
 */
public final class ModelRun {

  private static final Duration LONGEST_STEP = Duration.ofMinutes(2);

  private final Seed seed;
  private final PrintStream out;
  private volatile boolean ending;

  ModelRun(Seed seed, PrintStream out) {
    this.seed = seed;
    this.out = out;
  }

  /** Exit code 0 when all was as it must be. */
  public static void main(String... arguments) {
    long seed = System.currentTimeMillis();
    int steps = 500;
    for (int i = 0; i + 1 < arguments.length; i += 2) {
      switch (arguments[i]) {
        case "--seed" -> seed = Long.parseLong(arguments[i + 1]);
        case "--steps" -> steps = Integer.parseInt(arguments[i + 1]);
        default -> throw new IllegalArgumentException("--seed N --steps M, not " + arguments[i]);
      }
    }
    ModelRun run = new ModelRun(new Seed(seed), System.out);
    CountDownLatch over = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> run.end(over)));
    int exitCode = 0;
    try {
      run.steps(steps);
    } catch (Untrue untrue) {
      System.err.println(untrue.getMessage());
      exitCode = 1;
    } finally {
      over.countDown();
    }
    System.exit(exitCode);
  }

  /** When somebody ends the process: lets the step end and everything be cleaned up. */
  private void end(CountDownLatch over) {
    ending = true;
    try {
      boolean _ = over.await(LONGEST_STEP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * So many steps.
   *
   * @throws Untrue with the seed, the steps, what was expected and what was seen
   */
  void steps(int most) {
    int[] done = {0};
    run(() -> done[0]++ < most);
  }

  /** Steps for so long. */
  void lasting(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    run(() -> System.nanoTime() < end);
  }

  private void run(BooleanSupplier more) {
    Random random = seed.random();
    Steps steps = new Steps(new Random(random.nextLong()));
    Journal journal = new Journal(out);
    String owner = seed.number() % 2 == 0 ? "auto" : "false";
    out.printf("model %s table-owner=%s%n", seed, owner);
    try (World world = new World(random, Map.of("CTHELPER_EXECUTOR_TABLE_OWNER", owner))) {
      try {
        while (!ending && more.getAsBoolean()) {
          run(world, steps.next(), journal);
        }
        run(world, new Step.Settle(new Place(0, false)), journal);
      } catch (RuntimeException failure) {
        throw told(failure, journal, world);
      }
      out.printf(
          "model %s: %d steps, %d looks of the watcher, settled within %d ms%n",
          seed, journal.steps(), world.looks(), world.slowest().toMillis());
    }
  }

  private static void run(World world, Step step, Journal journal) {
    journal.begins(step);
    journal.ended(world.run(step));
  }

  private Untrue told(RuntimeException failure, Journal journal, World world) {
    String what = failure instanceof Untrue ? failure.getMessage() : failure.toString();
    Untrue told =
        new Untrue(
            "%s%n%s%n%nthe service:%n%s%n%nnot as it must be, %s, step %d:%n%s"
                .formatted(seed, journal.text(), world.lastWords(), seed, journal.steps(), what));
    told.initCause(failure);
    return told;
  }
}
