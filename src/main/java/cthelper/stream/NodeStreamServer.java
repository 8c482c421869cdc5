package cthelper.stream;

import cthelper.config.CtHelperConfig;
import cthelper.node.NodeLinks;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.NodeStreamGrpc.NodeStreamImplBase;
import cthelper.stream.wire.ToNode;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where executors of other machines dial in: a port of its own. Each stream is a link of its own.
 *
 * <p>{@link #start}, then {@link #close}, each once. Messages are taken on virtual threads, one at
 * a time for each stream.
 */
@ApplicationScoped
public class NodeStreamServer implements AutoCloseable {

  /** The inventory of 100,000 namespaces; everything else is smaller. */
  private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

  /**
   * Bytes on their way to whoever reads slower than the other end writes: what waits here is old
   * when it is read, what waits at its source is replaced by newer. The least that HTTP/2 has.
   */
  static final int WINDOW = 65_535;

  private static final Duration LOOK_AT_NODES = Duration.ofSeconds(1);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(2);

  /** Ends a connection whose other end takes nothing in, which holds what was sent to it. */
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(20);

  private final NodeLinks links;
  private final InetSocketAddress address;
  private final StreamTls tls;
  private final String version;
  private final Turns turns = new Turns();
  private final Set<RemoteNode> nodes = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("look-at-nodes").factory());
  private @Nullable Server server;

  @Inject
  NodeStreamServer(
      NodeLinks links,
      CtHelperConfig config,
      StreamTls tls,
      @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown")
          String version) {
    this(links, listening(config.nodeStream()), tls, version);
  }

  NodeStreamServer(NodeLinks links, InetSocketAddress address, StreamTls tls, String version) {
    this.links = links;
    this.tls = tls;
    this.address = address;
    this.version = version;
  }

  private static InetSocketAddress listening(CtHelperConfig.NodeStream settings) {
    return new InetSocketAddress(settings.host(), settings.port());
  }

  /**
   * Listens from now on.
   *
   * @throws UncheckedIOException when the port cannot be used
   */
  public void start() {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .addService(new Service())
            .intercept(CertifiedNames.interceptor())
            .executor(threads)
            .maxInboundMessageSize(LARGEST_MESSAGE)
            .flowControlWindow(WINDOW)
            .keepAliveTime(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS);
    tls.forServer().ifPresent(builder::sslContext);
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the node stream cannot listen on " + address + ": set CTHELPER_NODE_STREAM_PORT", e);
    }
    var _ =
        clock.scheduleWithFixedDelay(
            () -> nodes.forEach(node -> threads.execute(node::look)),
            LOOK_AT_NODES.toMillis(),
            LOOK_AT_NODES.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** The port it listens on. */
  int port() {
    Server running = server;
    return running == null ? 0 : running.getPort();
  }

  private final class Service extends NodeStreamImplBase {
    @Override
    public StreamObserver<FromNode> connect(StreamObserver<ToNode> toNode) {
      RemoteNode node =
          new RemoteNode(
              (ServerCallStreamObserver<ToNode>) toNode,
              links,
              CertifiedNames.ofThisCall(),
              version,
              turns,
              nodes::remove);
      nodes.add(node);
      return node;
    }
  }

  /** Sends every node away, to another reconciler; then the port is free. */
  @Override
  public void close() {
    Server running = server;
    if (running == null) {
      return;
    }
    server = null;
    clock.shutdown();
    running.shutdown();
    List.copyOf(nodes).forEach(RemoteNode::leave);
    try {
      if (!running.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        running.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running.shutdownNow();
    }
  }
}
