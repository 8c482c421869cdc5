package cthelper.start;

import cthelper.config.CtHelperConfig;
import cthelper.config.NodeLinkKind;
import cthelper.config.Role;
import cthelper.executor.LocalExecutor;
import cthelper.node.NodeLinks;
import cthelper.reconcile.ReconcileLoop;
import cthelper.store.PlacementStore;
import cthelper.stream.ControlPlane;
import cthelper.stream.NodeStreamServer;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.health.Startup;

/** Runs the configured roles from the moment HTTP listens until the process is told to stop. */
@ApplicationScoped
public class Application implements QuarkusApplication {

  private final Set<Role> roles;
  private final NodeLinkKind link;
  private final Welcome welcome;
  private final Instance<LocalExecutor> executor;
  private final Instance<ReconcileLoop> loop;
  private final Instance<NodeLinks> links;
  private final Instance<NodeStreamServer> streams;
  private final Instance<ControlPlane> controlPlane;
  private final Instance<PlacementStore> placements;
  private final Replicas replicas;
  private final StartedHealth health;

  Application(
      CtHelperConfig config,
      Welcome welcome,
      Instance<LocalExecutor> executor,
      Instance<ReconcileLoop> loop,
      Instance<NodeLinks> links,
      Instance<NodeStreamServer> streams,
      Instance<ControlPlane> controlPlane,
      Instance<PlacementStore> placements,
      Replicas replicas,
      @Startup StartedHealth health) {
    this.roles = config.roles();
    this.link = NodeLinkKind.of(config);
    this.welcome = welcome;
    this.executor = executor;
    this.loop = loop;
    this.links = links;
    this.streams = streams;
    this.controlPlane = controlPlane;
    this.placements = placements;
    this.replicas = replicas;
    this.health = health;
  }

  /**
   * Before HTTP listens: a process that was killed could not say that it goes, and what its node
   * proved then is no answer to anybody before the node is connected again.
   */
  void begin(@Observes StartupEvent event) {
    if (isLinkedDirectly()) {
      executor.get().knownId().ifPresent(placements.get()::disconnected);
    }
  }

  @Override
  public int run(String... arguments) {
    if (roles.contains(Role.EXECUTOR)) {
      executor.get().open(installation());
    }
    if (link.listens()) {
      streams.get().start();
    }
    if (link.dials()) {
      controlPlane.get().start(executor.get());
    }
    welcome.print(); // what could still prevent the start is done
    if (roles.contains(Role.RECONCILER)) {
      loop.get().start();
    }
    replicas.start();
    if (isLinkedDirectly()) {
      executor.get().connect(links.get().begin());
    }
    health.allRolesRun();
    Quarkus.waitForExit();
    return 0;
  }

  /** Whose desired states this node follows, where the database that says so is ours. */
  private Optional<UUID> installation() {
    return isLinkedDirectly() ? Optional.of(placements.get().installation()) : Optional.empty();
  }

  private boolean isLinkedDirectly() {
    return roles.contains(Role.EXECUTOR) && !link.dials();
  }

  /** Tables stay: only threads and sockets end. */
  void stop(@Observes ShutdownEvent event) throws InterruptedException {
    if (link.dials()) {
      controlPlane.get().stopDialling();
    }
    if (roles.contains(Role.EXECUTOR)) {
      executor.get().close();
    }
    if (link.dials()) {
      controlPlane.get().close();
    }
    if (link.listens()) {
      streams.get().close();
    }
    replicas.stop();
    if (roles.contains(Role.RECONCILER)) {
      loop.get().stop();
    }
  }
}
