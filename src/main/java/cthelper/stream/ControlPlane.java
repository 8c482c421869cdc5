package cthelper.stream;

import cthelper.config.CtHelperConfig;
import cthelper.config.HostAndPort;
import cthelper.model.Quoted;
import cthelper.node.ReportingNode;
import cthelper.stream.wire.NodeStreamGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this machine's node connected to a reconciler: dials one address after the other until one
 * answers, and again whenever the stream ends.
 *
 * <p>{@link #start}, {@link #stopDialling}, {@link #close}, in this order. One thread dials and
 * waits.
 */
@ApplicationScoped
public class ControlPlane implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ControlPlane.class);

  private static final Duration LONGEST_DIAL = Duration.ofSeconds(3);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  private final List<HostAndPort> addresses;
  private final ThisProcess process;
  private final StreamTls tls;
  private final Redial redial;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService callbacks = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("pulse").factory());
  private volatile Optional<String> trouble = Optional.of("no reconciler was reached yet");
  private volatile @Nullable ControlPlaneStream current;
  private @Nullable Thread thread;
  private boolean troubleSaid;

  @Inject
  ControlPlane(
      CtHelperConfig config,
      StreamTls tls,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown")
          String version) {
    this(HostAndPort.all(config.executor().controlPlane()), ThisProcess.ofVersion(version), tls);
  }

  ControlPlane(List<HostAndPort> addresses, ThisProcess process, StreamTls tls) {
    this.addresses = addresses;
    this.tls = tls;
    this.process = process;
    this.redial = new Redial(Math.max(1, addresses.size()), RandomGenerator.getDefault());
  }

  /**
   * Begins to dial for this node; returns at once.
   *
   * @throws IllegalStateException when the certificates cannot be used
   */
  public void start(ReportingNode node) {
    var _ = tls.forClient();
    thread = Thread.ofPlatform().name("control-plane").start(() -> run(node));
  }

  /** Why the control plane does not hear this node; empty when it does. */
  Optional<String> trouble() {
    return trouble;
  }

  private void run(ReportingNode node) {
    int failures = 0;
    for (int turn = 0; !isStopping(); turn++) {
      HostAndPort address = addresses.get(turn % addresses.size());
      Dialled dialled = dial(node, address);
      failures = dialled.wasWelcomed ? 0 : failures + 1;
      lost(address, dialled.end);
      pause(
          dialled.end.getCode() == Status.Code.ABORTED
              ? redial.afterDismissal()
              : redial.after(failures));
    }
  }

  /** How a stream ended. */
  private record Dialled(boolean wasWelcomed, Status end) {}

  /** Returns when the stream has ended. */
  private Dialled dial(ReportingNode node, HostAndPort address) {
    ControlPlaneStream stream = new ControlPlaneStream(node, process);
    ManagedChannel channel = channel(address);
    try {
      var _ = NodeStreamGrpc.newStub(channel).connect(stream);
      current = stream;
      Status end = serve(node, stream, address);
      return new Dialled(stream.welcomed().isDone(), end);
    } finally {
      current = null;
      node.disconnect(stream);
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel(HostAndPort address) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port())
            .executor(callbacks)
            .flowControlWindow(NodeStreamServer.WINDOW)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) LONGEST_DIAL.toMillis());
    tls.forClient().ifPresentOrElse(builder::sslContext, builder::usePlaintext);
    return builder.build();
  }

  private Status serve(ReportingNode node, ControlPlaneStream stream, HostAndPort address) {
    var _ = stream.welcomed().thenRun(() -> reached(address));
    ScheduledFuture<?> pulses =
        clock.scheduleAtFixedRate(
            stream::pulse,
            Silence.firstPulse(System.currentTimeMillis()),
            Silence.PULSE.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      CompletableFuture.anyOf(stream.opened(), stream.ended()).join();
      if (isStopping()) {
        stream.giveUp("this process is stopped");
      } else if (!stream.ended().isDone()) {
        node.connect(stream);
      }
      return stream.ended().join();
    } finally {
      pulses.cancel(false);
    }
  }

  private void reached(HostAndPort address) {
    trouble = Optional.empty();
    troubleSaid = false;
    LOG.infof("control plane reached address=%s", address);
  }

  private void lost(HostAndPort address, Status end) {
    if (isStopping()) {
      return;
    }
    String why = "%s: %s".formatted(address, Quoted.of(inWords(end)));
    trouble = Optional.of(why);
    if (!troubleSaid) {
      LOG.warnf("control plane away %s; trying %s in turn", why, addresses);
    }
    troubleSaid = true;
  }

  private static String inWords(Status end) {
    Throwable cause = end.getCause();
    String description = end.getDescription();
    return end.getCode()
        + (description == null ? "" : ": " + description)
        + (cause == null ? "" : ": " + cause.getMessage());
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private void pause(Duration time) {
    try {
      var _ = stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }

  /** The stream that is there stays; no other one is opened. */
  public void stopDialling() {
    stopping.countDown();
  }

  /**
   * Waits a little for a stream that ends in good order, then ends it; a second time does nothing.
   */
  @Override
  public void close() {
    stopDialling();
    clock.shutdown();
    Thread dialling = thread;
    if (dialling == null) {
      return;
    }
    try {
      if (!dialling.join(LONGEST_STOP)) {
        ControlPlaneStream open = current;
        if (open != null) {
          open.giveUp("this process is stopped");
        }
        dialling.join(LONGEST_STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
