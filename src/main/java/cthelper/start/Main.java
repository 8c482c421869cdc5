package cthelper.start;

import cthelper.config.CtHelperConfig;
import cthelper.config.DataDirectory;
import cthelper.config.KnownSettings;
import cthelper.config.NodeLinkKind;
import cthelper.config.Privileges;
import cthelper.config.Role;
import cthelper.config.StartChecks;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts the process: checks, privileges, data directory, database, then Quarkus with the
 * configured roles; and stops all of it in the opposite order. Whatever prevents the start is said
 * in one line each.
 */
@QuarkusMain
public final class Main {

  private static final Logger LOG = Logger.getLogger(Main.class);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(10);
  private static final String JDBC_URL = "quarkus.datasource.jdbc.url";

  /** What would look for a database, and refuse to start without one. */
  private static final List<String> NO_DATABASE =
      List.of("quarkus.datasource.active", "quarkus.hibernate-orm.active", "quarkus.flyway.active");

  /** What to stop when Quarkus has stopped, last started first. */
  private final Deque<AutoCloseable> started = new ArrayDeque<>();

  private final CountDownLatch quarkusStopped = new CountDownLatch(1);
  private volatile boolean stopping;
  private boolean quarkusEntered;
  private int exitCode;

  private Main() {}

  public static void main(String... arguments) {
    // Badly encoded URLs are answered by the API, with a body and a request id.
    System.setProperty("vertx.disableURIValidation", "true");
    System.exit(new Main().run(arguments));
  }

  private int run(String... arguments) {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAtExit, "stop-database"));
    try {
      prepare(ConfigProvider.getConfig().unwrap(SmallRyeConfig.class));
      if (!stopping) {
        Quarkus.run(Application.class, this::ended, arguments);
      }
    } catch (RuntimeException
        | LinkageError e) { // a refusal, or as little reason for a stack trace
      ended(1, e);
    } finally {
      quarkusStopped.countDown();
    }
    return exitCode;
  }

  /** What goes wrong because somebody stops us in the middle of the start is no news. */
  private void ended(int code, @Nullable Throwable failure) {
    exitCode = code;
    if (failure != null && !stopping) {
      StartFailure.explain(failure).forEach(Main::say);
      LOG.debug("start refused", failure);
    }
  }

  /** A signal meanwhile waits until what is being started can be stopped. */
  private synchronized void prepare(SmallRyeConfig config) {
    List<String> given = new ArrayList<>();
    config.getPropertyNames().forEach(given::add); // it can be walked through once
    refuseIfAny(KnownSettings.unknown(given, System.getenv()));
    refuseIfAny(SettingProblem.unreadable(config));
    CtHelperConfig settings = settings(config);
    String host = value(config, "quarkus.http.host", String.class);
    refuseIfAny(StartChecks.problems(settings, host, given));
    if (!Privileges.isLearningWithout()) {
      new SecondStart(Main::say, () -> stopping).ifNeeded(settings.roles());
    }
    boolean needsDatabase = Role.needDatabase(settings.roles());
    if (settings.roles().contains(Role.API)) {
      checkPort(config, "quarkus.http.host", "quarkus.http.port");
    }
    if (value(config, "quarkus.management.enabled", Boolean.class)) {
      checkPort(config, "quarkus.management.host", "quarkus.management.port");
    }
    if (NodeLinkKind.of(settings).listens()) {
      FreePort.check(
          settings.nodeStream().host(), settings.nodeStream().port(), "cthelper.node-stream.port");
    }
    DataDirectory directory = DataDirectory.of(settings);
    boolean embedded = needsDatabase && config.getOptionalValue(JDBC_URL, String.class).isEmpty();
    if (embedded || settings.roles().contains(Role.EXECUTOR)) {
      started.push(DirectoryLock.take(directory));
    }
    if (embedded) {
      startDatabase(directory);
    }
    if (!needsDatabase) {
      NO_DATABASE.forEach(setting -> System.setProperty(setting, "false"));
    }
    if (!settings.roles().contains(Role.API)) {
      System.setProperty("quarkus.http.host-enabled", "false");
    }
    quarkusEntered = !stopping;
  }

  private static void checkPort(SmallRyeConfig config, String host, String port) {
    FreePort.check(value(config, host, String.class), value(config, port, Integer.class), port);
  }

  /** A standard setting, which has a default: it lacks a usable value only if somebody said so. */
  private static <T> T value(SmallRyeConfig config, String name, Class<T> type) {
    try {
      return config.getValue(name, type);
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new StartRefused(
          "settings: %s cannot be \"%s\"".formatted(name, config.getConfigValue(name).getValue()),
          e);
    }
  }

  /** The mapping as Quarkus will see it; its own is made too late for checks before the start. */
  private static CtHelperConfig settings(SmallRyeConfig config) {
    SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder().addDefaultInterceptors();
    config.getConfigSources().forEach(builder::withSources);
    try {
      return builder
          .withMapping(CtHelperConfig.class)
          .build()
          .getConfigMapping(CtHelperConfig.class);
    } catch (ConfigValidationException e) {
      throw new StartRefused(
          IntStream.range(0, e.getProblemCount())
              .mapToObj(
                  problem -> SettingProblem.explain(e.getProblem(problem).getMessage(), config))
              .toList());
    }
  }

  private void startDatabase(DataDirectory directory) {
    EmbeddedDatabase database = EmbeddedDatabase.start(directory);
    started.push(database);
    database.whenItEndsByItself(() -> {
      say("the embedded PostgreSQL ended by itself; postgres.log in " + directory + " says why");
      Quarkus.asyncExit(1);
    });
    System.setProperty(JDBC_URL, database.jdbcUrl());
    System.setProperty("quarkus.datasource.username", database.user());
    System.setProperty("quarkus.datasource.password", database.password());
    System.setProperty(Welcome.DATABASE, "embedded PostgreSQL, data in " + directory.postgres());
  }

  private static void refuseIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new StartRefused(problems);
    }
  }

  private static void say(String line) {
    System.err.println("conntrack-helper: " + line);
  }

  /** A signal reaches Quarkus' own hook at the same time as this one: wait until it is done. */
  private void stopAtExit() {
    stopping = true;
    try {
      if (isQuarkusEntered() && !quarkusStopped.await(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        say("still stopping after " + LONGEST_STOP + "; the database is stopped now");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stopAll();
  }

  private synchronized boolean isQuarkusEntered() {
    return quarkusEntered;
  }

  private synchronized void stopAll() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (IOException e) {
        say("while stopping: " + e.getMessage());
      } catch (Exception e) {
        LOG.warn("while stopping", e);
      }
    }
  }
}
