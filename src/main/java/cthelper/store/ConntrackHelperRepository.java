package cthelper.store;

import cthelper.model.HelperSpec;
import cthelper.model.ProjectScope;
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
   * (OSSN-0102 is about a service that looked by its own id alone). And only where the router is in
   * reach, in the same statement.
   */
  Optional<ConntrackHelperEntity> find(ProjectScope scope, RouterId router, UUID helper) {
    return find(
            """
            routerId = ?1 and id = ?2 and (?3 = true or exists (
              select 1 from RouterEntity router
              where router.id = routerId and router.projectId = ?4))
            """,
            router.value(),
            helper,
            scope.everybody(),
            scope.projectId())
        .singleResultOptional();
  }

  /** Those of a router in reach, ordered by id. */
  List<ConntrackHelperEntity> of(ProjectScope scope, RouterId router) {
    return list(
        """
        routerId = ?1 and (?2 = true or exists (
          select 1 from RouterEntity router
          where router.id = routerId and router.projectId = ?3))
        order by id
        """,
        router.value(),
        scope.everybody(),
        scope.projectId());
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

  /**
   * Inserts those whose ports are free, under ids of the database's making; returns them. None when
   * the router would have more than {@code most}: counted under the router's lock, hence exactly.
   */
  List<ConntrackHelperEntity> insert(RouterId router, List<HelperSpec> specs, int most) {
    return getSession()
        .createNativeQuery(
            """
            INSERT INTO conntrack_helper (router_id, protocol, port, helper)
            SELECT :router, wanted.*
            FROM unnest(
              cast(:protocols AS text[]), cast(:ports AS integer[]), cast(:helpers AS text[]))
              AS wanted
            WHERE (SELECT count(*) FROM conntrack_helper WHERE router_id = :router)
              + cardinality(cast(:ports AS integer[])) <= :most
            ON CONFLICT ON CONSTRAINT conntrack_helper_one_per_port DO NOTHING
            RETURNING *
            """,
            ConntrackHelperEntity.class)
        .setParameter("router", router.value())
        .setParameter("most", most)
        .setParameter(
            "protocols",
            specs.stream().map(spec -> spec.protocol().wireName()).toArray(String[]::new))
        .setParameter("ports", specs.stream().map(HelperSpec::port).toArray(Integer[]::new))
        .setParameter(
            "helpers", specs.stream().map(spec -> spec.type().name()).toArray(String[]::new))
        .getResultList();
  }
}
