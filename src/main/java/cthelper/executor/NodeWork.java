package cthelper.executor;

import cthelper.model.DesiredState;
import cthelper.model.NodeId;
import cthelper.model.Placement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When which placement of this node is worked on: at once when something is desired, when somebody
 * has changed a table or a namespace appears; later for what was put off; and once in a while in
 * any case, since a signal may be lost.
 *
 * <p>Thread-safe. {@link #begin} once the namespaces are watched, {@link #close} before they are
 * let go.
 */
final class NodeWork
    implements PlacementWork.Surroundings,
        DriftWatch.Errands,
        RouterNamespaces.Listener,
        AutoCloseable {

  /** An apply is short and mostly inside the kernel; a failing one blocks for 16 ms. */
  private static final int LANES = 4;

  /** Work that ended with a bug of ours is done again. */
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);

  /** Until then the control plane has asked for all it knows. */
  private static final Duration AFTER_CONNECTING = Duration.ofSeconds(5);

  /** What is kept was read from disk a moment ago, and namespaces wait for their tables. */
  private static final Duration BEFORE_FIRST_SAVE = Duration.ofSeconds(1);

  private final NodeId node;
  private final KeptStates kept;
  private final OwedRevokes owed;
  private final StateFile stateFile;
  private final Duration safetyNet;
  private final AtomicReference<@Nullable UUID> installation = new AtomicReference<>();
  private final DriftWatch drift;
  private final TaskThread timer = new TaskThread("errands");
  private final TaskThread writer = new TaskThread("kept-states");
  private final Lanes lanes;
  private final LaterLooks laterLooks;
  private final PlacementWork work;
  private volatile @Nullable NamespaceWatch watch;

  /** Makes the work once its surroundings exist. */
  interface Worker {
    PlacementWork of(NodeWork surroundings);
  }

  NodeWork(
      NodeId node,
      KeptStates kept,
      OwedRevokes owed,
      StateFile stateFile,
      Duration safetyNet,
      Worker worker) {
    this.node = node;
    this.kept = kept;
    this.owed = owed;
    this.stateFile = stateFile;
    this.safetyNet = safetyNet;
    this.drift = new DriftWatch(this::withNumber, this);
    this.work = worker.of(this);
    this.lanes = new Lanes(LANES, this::run);
    this.laterLooks =
        new LaterLooks(timer::runAfter, placement -> lanes.add(placement, Errand.LOOK));
  }

  /** Told of what others commit. */
  DriftWatch drift() {
    return drift;
  }

  /** From now on there are namespaces. All get their tables before anything else is looked at. */
  void begin(NamespaceWatch namespaces) {
    watch = namespaces;
    namespaces.namespaces().all().forEach(namespace -> add(namespace, Errand.LOOK, Duration.ZERO));
    timer.runAfter(safetyNet, this::lookAtAllAgain);
    writer.runAfter(BEFORE_FIRST_SAVE, this::save);
  }

  /** The control plane is there; it will ask for what it knows. */
  void connected() {
    timer.runAfter(AFTER_CONNECTING, () -> lookAtAllWithin(AFTER_CONNECTING));
  }

  /** Which control plane this node works for, as far as it is known. */
  Optional<UUID> installation() {
    return Optional.ofNullable(installation.get());
  }

  void installation(UUID known) {
    installation.set(known);
  }

  /** Returns at once; answered later. */
  void desire(Placement placement, DesiredState desired) {
    installation.set(desired.fence().installation());
    lanes.add(placement, Errand.desire(desired));
  }

  private void run(Placement placement, Errand errand) {
    drift.begins(placement.namespace(), errand);
    try {
      work.run(placement, errand);
    } catch (RuntimeException e) {
      again(placement, Errand.LOOK, AFTER_TROUBLE);
      throw e;
    }
  }

  @Override
  public void add(RouterNamespace namespace, Errand errand, Duration delay) {
    again(namespace.placement(node), errand, delay);
  }

  @Override
  public void again(Placement placement, Errand errand, Duration delay) {
    if (delay.isZero()) {
      lanes.add(placement, errand);
    } else if (errand.equals(Errand.LOOK)) {
      laterLooks.add(placement, delay);
    } else {
      timer.runAfter(delay, () -> lanes.add(placement, errand));
    }
  }

  @Override
  public void lookAtAll() {
    lookAtAllWithin(Duration.ZERO);
  }

  /** One after the other, evenly: what nobody waits for is not to slow down a repair. */
  private void lookAtAllWithin(Duration time) {
    NamespaceWatch namespaces = watch;
    if (namespaces != null) {
      List<RouterNamespace> all = List.copyOf(namespaces.namespaces().all());
      for (int i = 0; i < all.size(); i++) {
        add(all.get(i), Errand.LOOK_AROUND, time.multipliedBy(i).dividedBy(all.size()));
      }
    }
  }

  private void lookAtAllAgain() {
    NamespaceWatch namespaces = watch;
    if (namespaces != null) {
      owed.retain(
          namespaces.namespaces().all().stream()
              .map(namespace -> namespace.socket().cookie())
              .collect(Collectors.toSet()));
    }
    lookAtAllWithin(safetyNet);
    timer.runAfter(safetyNet, this::lookAtAllAgain);
  }

  private void save() {
    writer.runAfter(stateFile.save(names()), this::save);
  }

  @Override
  public Optional<RouterNamespace> find(Placement placement) {
    NamespaceWatch namespaces = watch;
    return namespaces == null
        ? Optional.empty()
        : namespaces
            .namespaces()
            .find(placement.namespace())
            .filter(found -> found.name().router().equals(placement.router()));
  }

  private Optional<RouterNamespace> withNumber(int number) {
    NamespaceWatch namespaces = watch;
    return namespaces == null ? Optional.empty() : namespaces.namespaces().withNumber(number);
  }

  /**
   * Answered on the thread that reports namespaces, so that the answer never overtakes the report
   * of one that has appeared meanwhile.
   */
  @Override
  public void gone(Placement placement, DesiredState asked) {
    NamespaceWatch namespaces = watch;
    if (namespaces != null) {
      namespaces.afterChanges(() -> {
        if (find(placement).isPresent()) {
          desire(placement, asked);
        } else {
          work.answerGone(placement);
        }
      });
    }
  }

  /** What it is to hold is known already, if it was here before: nobody needs to be asked. */
  @Override
  public void appeared(RouterNamespace namespace) {
    Placement placement = namespace.placement(node);
    if (watch != null && kept.of(placement).isPresent()) {
      lanes.add(placement, Errand.LOOK_AROUND);
    }
  }

  @Override
  public void vanished(RouterNamespace namespace) {
    kept.vanished(namespace.name().text());
    owed.vanished(namespace.socket().cookie());
    drift.vanished(namespace.name().text());
  }

  private Set<String> names() {
    NamespaceWatch namespaces = watch;
    return namespaces == null
        ? Set.of()
        : namespaces.namespaces().all().stream()
            .map(namespace -> namespace.name().text())
            .collect(Collectors.toSet());
  }

  /** Lets running work end; what is kept is on disk then. */
  @Override
  public void close() {
    timer.close();
    lanes.close();
    writer.close();
    stateFile.save(names());
  }
}
