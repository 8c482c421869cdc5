package cthelper.store;

import static cthelper.store.VerdictJson.storable;

import cthelper.model.DriftRepairs;
import cthelper.model.Fence;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Placement;
import cthelper.model.RouterId;
import io.quarkus.hibernate.orm.panache.Panache;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.query.MutationQuery;
import org.jboss.logging.Logger;

/**
 * Records what nodes answer. An answer about an older fence than the one last answered about is old
 * news and changes nothing; so is one of an older session, which its placement's row tells: a newer
 * session has written its own number there.
 */
@ApplicationScoped
class Observations {

  private static final Logger LOG = Logger.getLogger(Observations.class);

  private final HeldAnswers heldAnswers;

  Observations(HeldAnswers heldAnswers) {
    this.heldAnswers = heldAnswers;
  }

  /**
   * Proven; tells how long it was behind, if this answer brought it to its router's fence. A node
   * that remembers what it held may say so before it was asked: then this answer, too, may be newer
   * than the database.
   */
  Optional<Duration> held(
      NodeSession session, Placement placement, Held held, Duration retryAfter) {
    HeldAnswers.Written written =
        heldAnswers.write(new HeldAnswers.Answer(session, placement, held, retryAfter));
    if (written.epochRaised()) {
      epochRaised(placement, held.fence());
    }
    return Optional.ofNullable(written.behind())
        .map(micros -> Duration.of(Math.max(0, micros), ChronoUnit.MICROS));
  }

  /**
   * Keeps the verdicts: what the kernel held before the failed attempt, it still holds. Not where
   * another's table stands by now.
   */
  @Transactional
  void failed(NodeSession session, Placement placement, Failed failed, Duration retryAfter) {
    answer(
            session,
            placement,
            failed.desired(),
            """
            failure_reason = :reason, failure_detail = :detail, attempts = attempts + 1,
            verdicts = CASE WHEN :disproved THEN '[]' ELSE verdicts END,
            retry_at = now() + :retryMillis * interval '1 millisecond'
            """)
        .setParameter("reason", failed.reason().code())
        .setParameter("disproved", failed.reason().isOfAnothersTable())
        .setParameter("detail", storable(failed.detail()))
        .setParameter("retryMillis", retryAfter.toMillis())
        .executeUpdate();
  }

  /**
   * The node holds something newer. Usually somebody else has just asked it for that, and asking
   * once more later finds them agreed. But when it is newer than anything this database ever made
   * for the router, the database was restored from a backup (or lost its last commits in a
   * failover): then the epoch rises, and everything becomes due with a newer fence.
   */
  @Transactional
  void superseded(
      NodeSession session, Placement placement, Superseded superseded, Duration retryAfter) {
    answer(
            session,
            placement,
            superseded.desired(),
            "retry_at = now() + :retryMillis * interval '1 millisecond'")
        .setParameter("retryMillis", retryAfter.toMillis())
        .executeUpdate();
    if (raiseEpochAbove(superseded.held(), placement.router())) {
      epochRaised(placement, superseded.held());
    }
  }

  private static void epochRaised(Placement placement, Fence held) {
    LOG.warnf(
        "database is older than its nodes (restored?), epoch raised: "
            + "router=%s node=%s namespace=%s held=%s",
        placement.router(), placement.node(), placement.namespace(), held);
  }

  /**
   * Whether it was necessary. A router's fence only rises, so this is not fooled by a change that
   * was committed while the node answered; of several nodes that report the same restore, one
   * raises the epoch.
   */
  private static boolean raiseEpochAbove(Fence held, RouterId router) {
    return Panache.getSession()
            .createNativeMutationQuery(
                """
                UPDATE installation SET epoch = :epoch + 1
                WHERE id = :installation
                  AND (epoch, coalesce(
                      (SELECT fence FROM router WHERE id = :router),
                      (SELECT last_value FROM fence))) < (:epoch, :number)
                """)
            .setParameter("installation", held.installation())
            .setParameter("epoch", held.epoch())
            .setParameter("number", held.number())
            .setParameter("router", router.value())
            .executeUpdate()
        > 0;
  }

  /** Adds what was repaired; of a namespace that is not known (any more) nothing is kept. */
  @Transactional
  void drifted(NodeSession session, Placement placement, DriftRepairs drift) {
    Panache.getSession()
        .createNativeMutationQuery(
            """
            UPDATE placement
            SET drift_repairs = drift_repairs + :count, drift_at = now(), drift_what = :what,
              drift_program = :program, drift_pid = :pid
            WHERE agent_id = :node AND namespace = :namespace AND router_id = :router
              AND session = :session
            """)
        .setParameter("session", session.number())
        .setParameter("count", drift.count())
        .setParameter("what", storable(drift.what()))
        .setParameter("program", storable(drift.program()))
        .setParameter("pid", drift.pid())
        .setParameter("node", placement.node().value())
        .setParameter("namespace", placement.namespace())
        .setParameter("router", placement.router().value())
        .executeUpdate();
  }

  /** Updates the placement's row, unless it has answered about a newer fence already. */
  private static MutationQuery answer(
      NodeSession session, Placement placement, Fence fence, String changes) {
    return Panache.getSession()
        .createNativeMutationQuery(
            """
            UPDATE placement SET answered_epoch = :epoch, answered_fence = :number, %s
            WHERE agent_id = :node AND namespace = :namespace AND router_id = :router
              AND session = :session
              AND (answered_fence IS NULL
                OR (answered_epoch, answered_fence) <= (:epoch, :number))
            """
                .formatted(changes))
        .setParameter("session", session.number())
        .setParameter("node", placement.node().value())
        .setParameter("namespace", placement.namespace())
        .setParameter("router", placement.router().value())
        .setParameter("epoch", fence.epoch())
        .setParameter("number", fence.number());
  }

  /** Which installation this database is; made by its first migration. */
  @Transactional
  UUID installation() {
    return Panache.getSession()
        .createNativeQuery("SELECT id FROM installation", UUID.class)
        .getSingleResult();
  }
}
