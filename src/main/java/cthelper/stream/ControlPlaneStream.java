package cthelper.stream;

import cthelper.model.DriftRepairs;
import cthelper.model.NodeId;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.Quoted;
import cthelper.node.NodeExecutor;
import cthelper.node.NodeNamespace;
import cthelper.node.NodeReports;
import cthelper.node.ReportingNode;
import cthelper.stream.wire.Desired;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.Pulse;
import cthelper.stream.wire.ToNode;
import cthelper.stream.wire.Unclaimed;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BinaryOperator;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One stream to a reconciler, on the node's side: what the node reports is sent, what is desired is
 * given to the node. A report that cannot be sent any more is an {@link IllegalStateException}; the
 * next stream begins with the whole inventory.
 *
 * <p>Thread-safe; nothing blocks. While the reconciler does not read, the latest report of each
 * placement waits; were there more than a limit, the stream is given up.
 */
final class ControlPlaneStream implements NodeReports, ClientResponseObserver<FromNode, ToNode> {

  private static final Logger LOG = Logger.getLogger(ControlPlaneStream.class);

  /** Three reports of each namespace that a process may have open. */
  static final int MOST_WAITING = 60_000;

  /** What a waiting message is about. */
  private record About(FromNode.MessageCase kind, String namespace) {}

  private final ReportingNode node;
  private final ThisProcess process;
  private final Silence silence = new Silence(System::nanoTime);
  private final UnknownHelpers unknown = new UnknownHelpers();
  private final Ledger sent = new Ledger();
  private final CompletableFuture<Void> opened = new CompletableFuture<>();
  private final CompletableFuture<Void> welcomed = new CompletableFuture<>();
  private final CompletableFuture<Status> ended = new CompletableFuture<>();
  private volatile @Nullable Outbox<FromNode> outbox;
  private volatile @Nullable ClientCallStreamObserver<FromNode> call;
  private volatile boolean saidHello;

  ControlPlaneStream(ReportingNode node, ThisProcess process) {
    this.node = node;
    this.process = process;
  }

  /** When there is a connection. */
  CompletableFuture<Void> opened() {
    return opened;
  }

  /** When the reconciler has written the inventory down. */
  CompletableFuture<Void> welcomed() {
    return welcomed;
  }

  /** When it is over, and why. */
  CompletableFuture<Status> ended() {
    return ended;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<FromNode> toReconciler) {
    call = toReconciler;
    outbox = new Outbox<>(toReconciler, MOST_WAITING, this::beforeSending);
    toReconciler.setOnReadyHandler(this::ready);
  }

  private void ready() {
    opened.complete(null);
    outbox().send();
  }

  /** In the order of sending, hence about exactly what was sent before. */
  private FromNode beforeSending(FromNode message) {
    if (message.hasPulse()) {
      return pulse(message.getPulse().toBuilder().setDigest(sent.digest()));
    }
    sent.add(message);
    return message;
  }

  private static FromNode pulse(Pulse.Builder pulse) {
    return FromNode.newBuilder().setPulse(pulse).build();
  }

  /** Says that the node is here; gives up a reconciler that has not said so for too long. */
  void pulse() {
    if (silence.isTooLong()) {
      giveUp("nothing was heard for " + Silence.LIMIT.toSeconds() + " s");
      return;
    }
    if (saidHello) {
      outbox()
          .put(
              Pulse.class,
              pulse(
                  Pulse.newBuilder()
                      .addAllCapabilities(WireIdentity.capabilities(node.identity().helpers()))));
    }
  }

  @Override
  public void onNext(ToNode message) {
    silence.heard();
    switch (message.getMessageCase()) {
      case WELCOME -> welcomed.complete(null);
      case DESIRED -> desired(message.getDesired());
      case INVENTORY_WANTED -> {
        if (!ended.isDone()) {
          node.connect(this);
        }
      }
      case HEARD, MESSAGE_NOT_SET -> {
        // that it was heard is all
      }
    }
  }

  /** One that makes no sense is left alone; it will be desired again, and said again. */
  private void desired(Desired message) {
    try {
      Placement placement = WireValues.placement(node.identity().id(), message.getPlace());
      WireDesired desired = WireDesired.of(message);
      unknown.desired(placement, desired);
      node.desire(placement, desired.state());
    } catch (MalformedMessage e) {
      LOG.warnf("what is desired makes no sense: %s", Quoted.of(e));
    }
  }

  @Override
  public void connected(NodeExecutor executor, List<NodeNamespace> inventory) {
    sayHello(executor);
    send("", FromNode.newBuilder().setInventory(WireNamespaces.inventory(inventory)).build());
  }

  private synchronized void sayHello(NodeExecutor executor) {
    if (!saidHello) {
      saidHello = true;
      send("", FromNode.newBuilder().setHello(WireIdentity.hello(executor, process)).build());
    }
  }

  @Override
  public void appeared(NodeId id, NodeNamespace namespace) {
    send(
        namespace.name(),
        FromNode.newBuilder().setAppeared(WireNamespaces.namespace(namespace)).build());
  }

  @Override
  public void vanished(NodeId id, NodeNamespace namespace) {
    unknown.vanished(new Placement(namespace.router(), id, namespace.name()));
    send(
        namespace.name(),
        FromNode.newBuilder().setVanished(WireNamespaces.namespace(namespace)).build());
  }

  @Override
  public void observed(Placement placement, ObservedState state) {
    send(
        placement.namespace(),
        FromNode.newBuilder()
            .setObserved(WireObserved.observed(placement, unknown.completed(placement, state)))
            .build());
  }

  @Override
  public void drifted(Placement placement, DriftRepairs drift) {
    send(
        placement.namespace(),
        FromNode.newBuilder().setDrifted(WireDrift.drifted(placement, drift)).build(),
        (earlier, later) ->
            FromNode.newBuilder()
                .setDrifted(WireDrift.added(earlier.getDrifted(), later.getDrifted()))
                .build());
  }

  @Override
  public void unclaimed(Placement placement) {
    send(
        placement.namespace(),
        FromNode.newBuilder()
            .setUnclaimed(Unclaimed.newBuilder().setPlace(WireValues.place(placement)))
            .build());
  }

  @Override
  public void disconnected(NodeId id) {
    outbox().complete();
  }

  private void send(String namespace, FromNode message) {
    send(namespace, message, (earlier, later) -> later);
  }

  private void send(String namespace, FromNode message, BinaryOperator<FromNode> merge) {
    if (ended.isDone()) {
      throw new IllegalStateException("the control plane is away");
    }
    if (!outbox().put(new About(message.getMessageCase(), namespace), message, merge)) {
      giveUp("more than " + MOST_WAITING + " reports wait to be read");
      throw new IllegalStateException("the control plane does not read");
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  private void end(Status status) {
    outbox().close();
    ended.complete(status);
  }

  /** Ends it from this side. */
  void giveUp(String why) {
    end(Status.UNAVAILABLE.withDescription(why));
    Objects.requireNonNull(call, "not started").cancel(why, null);
  }

  private Outbox<FromNode> outbox() {
    return Objects.requireNonNull(outbox, "not started");
  }
}
