package cthelper.store;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.UUID;

/** This process among the replicas that share a database: another one after each start. */
@ApplicationScoped
class ThisReplica {

  private final UUID id = UUID.randomUUID();

  UUID id() {
    return id;
  }
}
