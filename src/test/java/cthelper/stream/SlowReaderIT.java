package cthelper.stream;

import static cthelper.stream.Plan.desired;
import static cthelper.stream.Plan.ftp;
import static cthelper.stream.Plan.namespace;
import static cthelper.stream.Plan.placement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import cthelper.config.HostAndPort;
import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.node.NodeExecutor;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.NodeStreamGrpc;
import cthelper.stream.wire.NodeStreamGrpc.NodeStreamImplBase;
import cthelper.stream.wire.ToNode;
import cthelper.testing.Heap;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Whoever does not read costs the other end nothing, and misses nothing that still holds. In a JVM
 * without Quarkus' tests, which let Netty write down where each of its buffers came from.
 */
class SlowReaderIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  /** As much as a megabyte of routers with a hundred helpers each, again and again. */
  private static final int ROUTERS = 300;

  private static final int TIMES = 60;
  private static final long BOUND_BYTES = 40L << 20;

  /** Each router's latest, and what fills the buffers on the way (a megabyte) before. */
  private static final int SENT_AT_MOST = ROUTERS * TIMES / 10;

  private static DesiredState large(int router, int fence) {
    return new DesiredState(
        Plan.router(router),
        Plan.fence(fence),
        IntStream.rangeClosed(1, 100)
            .mapToObj(
                port -> new DesiredHelper(new UUID(fence, port), 1, new HelperSpec(Plan.FTP, port)))
            .toList());
  }

  /** A node that reads only when it is told to. */
  private static final class StubbornNode implements ClientResponseObserver<FromNode, ToNode> {

    private final CompletableFuture<ClientCallStreamObserver<FromNode>> call =
        new CompletableFuture<>();
    private final Map<String, Long> desired = new ConcurrentHashMap<>();
    private final AtomicInteger read = new AtomicInteger();

    @Override
    public void beforeStart(ClientCallStreamObserver<FromNode> toReconciler) {
      toReconciler.disableAutoRequestWithInitial(0);
      call.complete(toReconciler);
    }

    @Override
    public void onNext(ToNode message) {
      if (message.hasDesired()) {
        read.incrementAndGet();
        desired.put(
            message.getDesired().getPlace().getNamespace(),
            message.getDesired().getFence().getNumber());
      }
      call.join().request(1);
    }

    @Override
    public void onError(Throwable failure) {
      // the test ends
    }

    @Override
    public void onCompleted() {
      // the test ends
    }

    void arrive() {
      call.join().onNext(hello());
      call.join().onNext(LedgerTest.inventory(namespace(1, 1)));
    }
  }

  private static FromNode hello() {
    return FromNode.newBuilder().setHello(WireTest.hello()).build();
  }

  @Test
  void aNodeThatDoesNotReadIsSentTheLatestOnly() {
    RecordedLinks reconciler = new RecordedLinks();
    StubbornNode node = new StubbornNode();
    try (NodeStreamServer server = NodeStreamTest.listening(reconciler, 0)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        var _ = NodeStreamGrpc.newStub(channel).connect(node);
        node.arrive();
        await().atMost(SOON).until(() -> reconciler.node().isPresent());
        long before = Heap.usedBytes();

        desireAgainAndAgain(reconciler.node().orElseThrow());
        assertThat(Heap.usedBytes() - before).isLessThan(BOUND_BYTES);

        node.call.join().request(1);
        await()
            .atMost(SOON)
            .until(() ->
                node.desired.size() == ROUTERS
                    && node.desired.values().stream().allMatch(fence -> fence == TIMES));
        assertThat(node.read).hasValueLessThan(SENT_AT_MOST);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** 18,000 messages of 5 kB. */
  private static void desireAgainAndAgain(NodeExecutor node) {
    for (int fence = 1; fence <= TIMES; fence++) {
      for (int router = 1; router <= ROUTERS; router++) {
        node.desire(placement(router), large(router, fence));
      }
    }
  }

  @Test
  void whatIsTooMuchForANodeIsDroppedNotKept() {
    RecordedLinks reconciler = new RecordedLinks();
    StubbornNode node = new StubbornNode();
    try (NodeStreamServer server = NodeStreamTest.listening(reconciler, 0)) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        var _ = NodeStreamGrpc.newStub(channel).connect(node);
        node.arrive();
        await().atMost(SOON).until(() -> reconciler.node().isPresent());
        for (int router = 1; router <= 3 * RemoteNode.MOST_WAITING; router++) {
          reconciler.node().orElseThrow().desire(placement(router), desired(router, 1, ftp(1)));
        }
        node.call.join().request(1);
        await().atMost(SOON).until(() -> node.desired.size() >= RemoteNode.MOST_WAITING);
        awaitLast(reconciler.node().orElseThrow(), node);
        assertThat(node.desired).hasSizeLessThan(2 * RemoteNode.MOST_WAITING);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  /** What is sent last is read when everything before it was. */
  private static void awaitLast(NodeExecutor link, StubbornNode node) {
    await()
        .atMost(SOON)
        .until(() -> {
          link.desire(placement(1), desired(1, 2));
          return node.desired.containsValue(2L);
        });
  }

  /** A reconciler that reads only when it is told to. */
  private static final class StubbornReconciler extends NodeStreamImplBase {

    private final CompletableFuture<ServerCallStreamObserver<ToNode>> call =
        new CompletableFuture<>();
    private final Ledger heard = new Ledger();
    private final AtomicInteger read = new AtomicInteger();
    private volatile long digest;
    private volatile long told;
    private volatile boolean pulsed;

    @Override
    public StreamObserver<FromNode> connect(StreamObserver<ToNode> toNode) {
      ServerCallStreamObserver<ToNode> node = (ServerCallStreamObserver<ToNode>) toNode;
      node.disableAutoRequest();
      call.complete(node);
      return new StreamObserver<>() {
        @Override
        public void onNext(FromNode message) {
          if (message.hasPulse()) {
            told = message.getPulse().getDigest();
            digest = heard.digest();
            pulsed = true;
          } else {
            heard.add(message);
            read.incrementAndGet();
          }
          node.request(1);
        }

        @Override
        public void onError(Throwable failure) {
          // the test ends
        }

        @Override
        public void onCompleted() {
          // the test ends
        }
      };
    }
  }

  @Test
  void aReconcilerThatDoesNotReadIsToldTheLatestOnly() throws IOException {
    StubbornReconciler reconciler = new StubbornReconciler();
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(reconciler)
            .build()
            .start();
    try (SimulatedNode node = new SimulatedNode(namespace(1, 1));
        ControlPlane controlPlane =
            new ControlPlane(
                List.of(new HostAndPort("127.0.0.1", server.getPort())),
                Plan.PROCESS,
                TestTls.NONE)) {
      controlPlane.start(node);
      await().atMost(SOON).until(() -> node.isConnected() && reconciler.call.isDone());
      long before = Heap.usedBytes();

      for (int fence = 1; fence <= TIMES; fence++) {
        for (int router = 1; router <= ROUTERS; router++) {
          var held = Plan.held(large(router, fence));
          int where = router;
          node.say(to -> to.observed(placement(where), held));
        }
        node.awaitSaid();
      }
      assertThat(Heap.usedBytes() - before).isLessThan(BOUND_BYTES);

      reconciler.call.join().request(1);
      await().atMost(SOON).until(() -> reconciler.pulsed);
      assertThat(reconciler.told).as("nothing that holds is missing").isEqualTo(reconciler.digest);
      assertThat(reconciler.read).hasValueLessThan(SENT_AT_MOST);
    } finally {
      server.shutdownNow();
    }
  }
}
