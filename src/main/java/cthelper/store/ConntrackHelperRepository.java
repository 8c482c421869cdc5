package cthelper.store;

import cthelper.model.HelperSpec;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Statements about conntrack helpers; the transaction is the caller's. */
@ApplicationScoped
class ConntrackHelperRepository implements PanacheRepositoryBase<ConntrackHelperEntity, UUID> {

  /**
   * Always by both ids: a conntrack helper asked for under another router's URL does not exist
   * (OSSN-0102 is about a service that looked by its own id alone).
   */
  Optional<ConntrackHelperEntity> find(RouterId router, UUID helper) {
    return find("routerId = ?1 and id = ?2", router.value(), helper).singleResultOptional();
  }

  /** Ordered by id. One array parameter: any number of routers is the same statement. */
  List<ConntrackHelperEntity> of(Collection<RouterId> routers) {
    return getSession()
        .createNativeQuery(
            "SELECT * FROM conntrack_helper WHERE router_id = ANY (:routers) ORDER BY id",
            ConntrackHelperEntity.class)
        .setParameter("routers", routers.stream().map(RouterId::value).toArray(UUID[]::new))
        .getResultList();
  }

  /** Who has the port of this spec. */
  Optional<ConntrackHelperEntity> at(RouterId router, HelperSpec spec) {
    return find(
            "routerId = ?1 and protocol = ?2 and port = ?3",
            router.value(),
            spec.protocol().wireName(),
            spec.port())
        .singleResultOptional();
  }

  /** Inserts under an id of the database's making; nothing when the port is taken. */
  Optional<ConntrackHelperEntity> insert(RouterId router, HelperSpec spec) {
    return getSession()
        .createNativeQuery(
            """
            INSERT INTO conntrack_helper (router_id, protocol, port, helper)
            VALUES (:router, :protocol, :port, :helper)
            ON CONFLICT ON CONSTRAINT conntrack_helper_one_per_port DO NOTHING
            RETURNING *
            """,
            ConntrackHelperEntity.class)
        .setParameter("router", router.value())
        .setParameter("protocol", spec.protocol().wireName())
        .setParameter("port", spec.port())
        .setParameter("helper", spec.type().name())
        .uniqueResultOptional();
  }
}
