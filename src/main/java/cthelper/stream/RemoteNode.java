package cthelper.stream;

import cthelper.model.DesiredState;
import cthelper.model.NodeId;
import cthelper.model.NodeIdentity;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeLinks;
import cthelper.stream.wire.Capability;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.Heard;
import cthelper.stream.wire.Hello;
import cthelper.stream.wire.InventoryWanted;
import cthelper.stream.wire.Pulse;
import cthelper.stream.wire.ToNode;
import cthelper.stream.wire.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A node at the other end of a stream, on the reconciler's side: what is desired goes to it, what
 * it tells is reported.
 *
 * <p>Messages of one stream come one after the other, and the next one is read only when this one
 * is written down: a database that is slow slows the node, and nothing piles up. What could not be
 * written down is missing in the {@link ReportWriter}, whereupon the node is asked for its
 * inventory. {@link #desire} and {@link #identity} from any thread; neither blocks. When too much
 * waits for a slow node, what comes last is dropped: it stays due and is asked again.
 */
final class RemoteNode implements NodeExecutor, StreamObserver<FromNode> {

  private static final Logger LOG = Logger.getLogger(RemoteNode.class);

  /** More placements than a node has, which is limited by its open files. */
  static final int MOST_WAITING = 20_000;

  private static final ToNode HEARD =
      ToNode.newBuilder().setHeard(Heard.getDefaultInstance()).build();

  private final NodeLinks links;
  private final Turns turns;
  private final ReportWriter writer;
  private final Optional<CertifiedNames> certified;
  private final String version;
  private final Consumer<RemoteNode> whenEnded;
  private final Outbox<ToNode> outbox;
  private final Silence silence = new Silence(System::nanoTime);
  private final DigestWatch digests = new DigestWatch();
  private final AtomicBoolean ended = new AtomicBoolean();
  private volatile boolean isBusy;
  private volatile @Nullable NodeIdentity identity;
  private List<Capability> capabilities = List.of(); // as said last
  private volatile @Nullable UUID process;
  private volatile boolean isConnected;
  private volatile boolean isDismissed;

  /**
   * @param certified whom the certificate at the other end stands for; empty without TLS
   * @param turns of all nodes of the server
   * @param whenEnded told once
   */
  RemoteNode(
      ServerCallStreamObserver<ToNode> toNode,
      NodeLinks links,
      Optional<CertifiedNames> certified,
      String version,
      Turns turns,
      Consumer<RemoteNode> whenEnded) {
    this.turns = turns;
    this.links = links;
    this.writer = new ReportWriter(this, links.begin(), this::somethingWasLost);
    this.certified = certified;
    this.version = version;
    this.whenEnded = whenEnded;
    this.outbox = new Outbox<>(toNode, MOST_WAITING, message -> message);
    toNode.setOnReadyHandler(outbox::send);
    toNode.setOnCancelHandler(() -> lost("its connection was lost"));
  }

  @Override
  public NodeIdentity identity() {
    return Objects.requireNonNull(identity, "a node that has not said who it is");
  }

  @Override
  public UUID process() {
    return Objects.requireNonNull(process, "a node that has not said who it is");
  }

  @Override
  public void desire(Placement placement, DesiredState desired) {
    ToNode message =
        ToNode.newBuilder().setDesired(WireDesired.message(placement, desired)).build();
    if (!outbox.put(placement, message)) {
      LOG.debugf("not sent, stays due: namespace=%s", placement.namespace());
    }
  }

  @Override
  public void dismissed() {
    isDismissed = true;
    if (leave(Status.ABORTED.withDescription("the session is not the newest of its node"))) {
      LOG.warnf("node dismissed, its session is not the newest %s", this);
    }
  }

  @Override
  public void onNext(FromNode message) {
    if (ended.get()) {
      return;
    }
    isBusy = true;
    try {
      take(message);
    } catch (Refused e) {
      LOG.warnf("node refused: %s", Quoted.of(e.status.getDescription()));
      outbox.fail(e.status.asRuntimeException());
      end("it was refused");
    } catch (MalformedMessage e) {
      LOG.warnf("message of a node makes no sense %s: %s", this, Quoted.of(e));
      outbox.fail(Status.INVALID_ARGUMENT.withDescription(e.getMessage()).asRuntimeException());
      end("it makes no sense");
    } finally {
      silence.heard();
      isBusy = false;
    }
  }

  private void take(FromNode message) {
    switch (message.getMessageCase()) {
      case HELLO -> hello(message.getHello());
      case INVENTORY -> inventory(message);
      case PULSE -> pulse(message.getPulse());
      case APPEARED, VANISHED, OBSERVED, DRIFTED, UNCLAIMED -> {
        if (isConnected) {
          writer.write(message);
        }
      }
      case MESSAGE_NOT_SET -> LOG.debugf("message of a newer version ignored %s", this);
    }
  }

  private void hello(Hello hello) {
    if (identity != null) {
      throw new MalformedMessage("a second hello");
    }
    if (hello.getContract() < 1 || hello.getContract() > WireIdentity.CONTRACT + 1) {
      throw new MalformedMessage(
          "contract %d, but this reconciler speaks %d: update one version at a time"
              .formatted(hello.getContract(), WireIdentity.CONTRACT));
    }
    NodeIdentity said = WireIdentity.identity(hello);
    certified.ifPresent(names -> refuseIfNot(names, said));
    process = WireValues.id(hello.getProcessId());
    capabilities = hello.getCapabilitiesList();
    identity = said;
    LOG.debugf("hello %s version=%s", this, Quoted.of(hello.getVersion()));
  }

  /**
   * A certificate names a node, but what is desired and reported goes by its id: so who first had
   * the id keeps it.
   */
  private void refuseIfNot(CertifiedNames names, NodeIdentity said) {
    if (!names.contains(said.name())) {
      throw new Refused(
          Status.PERMISSION_DENIED,
          "the certificate is for %s, not for %s: set CTHELPER_NODE_NAME, or use its certificate"
              .formatted(names, said.name()));
    }
    if (!nameOf(said.id()).map(names::contains).orElse(true)) {
      throw new Refused(
          Status.PERMISSION_DENIED,
          "id %s is another node's: delete that one by the API, or node/id in the data directory"
              .formatted(said.id()));
    }
  }

  private Optional<String> nameOf(NodeId id) {
    try {
      return links.nameOf(id);
    } catch (RuntimeException e) {
      throw new Refused(Status.UNAVAILABLE, "not known yet whose id it is: " + e.getMessage());
    }
  }

  private void inventory(FromNode message) {
    NodeIdentity known = requireHello();
    boolean isTaken = turns.take(this::sayHeard, () -> writer.write(message));
    digests.inventoryCame(isTaken);
    if (isTaken) {
      isConnected = true;
      Welcome welcome = Welcome.newBuilder().setVersion(version).build();
      outbox.put(Welcome.class, ToNode.newBuilder().setWelcome(welcome).build());
    }
    if (isDismissed) {
      writer.disconnected(known.id()); // by this inventory it was known again
    }
  }

  private void pulse(Pulse pulse) {
    NodeIdentity known = requireHello();
    if (!pulse.getCapabilitiesList().equals(capabilities)) {
      capabilities = pulse.getCapabilitiesList();
      identity =
          new NodeIdentity(
              known.id(), known.name(), known.kernel(), WireIdentity.helpers(capabilities));
    }
    sayHeard();
    if (digests.wantsInventory(pulse.getDigest(), writer.digest())) {
      LOG.infof("something of a node was lost, all is asked for %s", this);
      askForInventory();
    }
  }

  private void somethingWasLost() {
    if (digests.wantsInventoryAtOnce()) {
      askForInventory();
    }
  }

  private void askForInventory() {
    outbox.put(
        InventoryWanted.class,
        ToNode.newBuilder().setInventoryWanted(InventoryWanted.getDefaultInstance()).build());
  }

  private void sayHeard() {
    outbox.put(Heard.class, HEARD);
  }

  private NodeIdentity requireHello() {
    NodeIdentity known = identity;
    if (known == null) {
      throw new MalformedMessage("no hello");
    }
    return known;
  }

  @Override
  public void onError(Throwable failure) {
    lost(Quoted.of(Status.fromThrowable(failure).toString()));
  }

  private void lost(String why) {
    outbox.close();
    end(why);
  }

  @Override
  public void onCompleted() {
    end("it was stopped");
    outbox.complete();
  }

  /**
   * To be called every second. Gives up a node that is silent for too long, unless it is we who do
   * not read; asks again for an inventory that could not be written down, without which its node
   * may not be known, or have a session that nobody here knows.
   */
  void look() {
    if (isBusy) {
      return;
    }
    if (silence.isTooLong()) {
      end("nothing was heard for " + Silence.LIMIT.toSeconds() + " s");
      outbox.fail(Status.UNAVAILABLE.withDescription("nothing was heard").asRuntimeException());
    } else if (digests.wantsLostInventory()) {
      askForInventory();
    }
  }

  /** This process goes away, not the node: whose lease lasts until it has found another one. */
  void leave() {
    leave(Status.UNAVAILABLE.withDescription("the reconciler is stopped"));
  }

  private boolean leave(Status why) {
    boolean isFirst = ended.compareAndSet(false, true);
    if (isFirst) {
      writer.close();
      outbox.fail(why.asRuntimeException());
      whenEnded.accept(this);
    }
    return isFirst;
  }

  private void end(String why) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    whenEnded.accept(this);
    NodeIdentity known = identity;
    if (known == null) {
      return;
    }
    LOG.infof("node disconnected %s: %s", this, why);
    writer.disconnected(known.id());
  }

  /** The node is sent away, with this word. */
  private static final class Refused extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;

    Refused(Status status, String why) {
      super(why, null, false, false);
      this.status = status.withDescription(why);
    }
  }

  @Override
  public String toString() {
    NodeIdentity known = identity;
    return known == null
        ? "node=unknown"
        : "node=%s id=%s".formatted(Quoted.of(known.name()), known.id());
  }
}
