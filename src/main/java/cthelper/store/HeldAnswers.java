package cthelper.store;

import cthelper.model.AddressFamily;
import cthelper.model.Fence;
import cthelper.model.ObservedState.Held;
import cthelper.model.Placement;
import cthelper.model.Reason;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes down what nodes have proven, all that is told at once in one statement. Not to be called
 * in a transaction.
 */
@ApplicationScoped
class HeldAnswers {

  /**
   * All that answers change. How long the placement was behind is counted from the latest of the
   * router's change, the appearance of the namespace and of its node, if the answer is about its
   * router's fence and it had not held that yet. For the epoch see {@link Observations#superseded};
   * what others have raised meanwhile is not lowered.
   *
   * <p>The commit does not wait for the disk where nothing but good news could be lost with a
   * crashed database: then the placement is due as before, and asked again. See ADR 26.
   */
  private static final String WRITE =
      """
      WITH told AS (
        SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) WITH ORDINALITY AS told (
          node, namespace, router, session, installation, epoch, fence, verdicts, good, again,
          pause, number)),
      found AS (
        SELECT told.*, router.fence AS wanted,
          p.router_id = told.router AND p.session = told.session
            AND (p.answered_fence IS NULL
              OR (p.answered_epoch, p.answered_fence) <= (told.epoch, told.fence)) AS counts,
          CASE
            WHEN p.router_id = told.router AND router.fence = told.fence
              AND (p.observed_fence IS NULL
                OR (p.observed_epoch, p.observed_fence) < (told.epoch, told.fence))
            THEN cast(1000000 * extract(epoch FROM clock_timestamp()
              - greatest(router.fence_drawn_at, p.appeared_at, agent.connected_at)) AS bigint)
          END AS micros
        FROM told
          JOIN placement p ON p.agent_id = told.node AND p.namespace = told.namespace
          JOIN agent ON agent.id = told.node
          LEFT JOIN router ON router.id = told.router
        ORDER BY told.node, told.namespace
        FOR NO KEY UPDATE OF p),
      answered AS (
        UPDATE placement p
        SET answered_epoch = found.epoch, answered_fence = found.fence,
            observed_epoch = found.epoch, observed_fence = found.fence,
            verdicts = cast(found.verdicts AS jsonb),
            failure_reason = NULL, failure_detail = '', attempts = 0,
            retry_at =
              CASE WHEN found.again THEN now() + found.pause * interval '1 millisecond' END
        FROM found
        WHERE p.agent_id = found.node AND p.namespace = found.namespace AND found.counts
        RETURNING found.number),
      newer AS (
        SELECT found.number, found.installation, found.epoch
        FROM found JOIN installation ON installation.id = found.installation
        WHERE (installation.epoch, coalesce(found.wanted, (SELECT last_value FROM fence)))
          < (found.epoch, found.fence)),
      raised AS (
        UPDATE installation SET epoch = (SELECT max(newer.epoch) + 1 FROM newer)
        WHERE id IN (SELECT installation FROM newer)
          AND epoch <= (SELECT max(newer.epoch) FROM newer)
        RETURNING epoch)
      SELECT
        CASE WHEN answered.number IS NOT NULL THEN found.micros END,
        newer.number IS NOT NULL AND EXISTS (SELECT FROM raised),
        CASE WHEN told.number = 1
            AND bool_and(told.good AND found.micros IS NOT NULL AND newer.number IS NULL) OVER ()
          THEN set_config('synchronous_commit', 'off', true) END
      FROM told
        LEFT JOIN found USING (number)
        LEFT JOIN answered USING (number)
        LEFT JOIN newer USING (number)
      ORDER BY told.number
      """;

  private static final int MOST = 200;

  /** What a node says, and when a refusal that may heal is looked at again. */
  record Answer(NodeSession session, Placement placement, Held held, Duration retryAfter) {

    /** Nothing could be said better: proven in all address families, and no warning. */
    private boolean isGoodNews() {
      return held.verdicts().stream()
          .allMatch(it ->
              it.proven()
                  && it.detail().isEmpty()
                  && it.families().size() == AddressFamily.values().length);
    }

    private List<Reason> refusals() {
      return held.verdicts().stream().flatMap(it -> it.whyNot().stream()).toList();
    }

    private Fence fence() {
      return held.fence();
    }
  }

  /**
   * What came of it.
   *
   * @param behind microseconds, if this answer brought its placement to the router's fence
   * @param epochRaised because the node held something newer than this database ever made
   */
  record Written(@Nullable Long behind, boolean epochRaised) {}

  private final Statements statements;
  private final Together<Answer, Written> together =
      new Together<>(this::writeAll, MOST, 1, ChronoUnit.FOREVER.getDuration());

  HeldAnswers(Statements statements) {
    this.statements = statements;
  }

  /** Returns when it is written down. */
  Written write(Answer answer) {
    return together.apply(answer);
  }

  private List<Written> writeAll(List<Answer> answers) {
    return statements.list(
        WRITE,
        row -> new Written(row.getObject(1, Long.class), row.getBoolean(2)),
        Statements.column(answers, it -> it.placement.node().value(), UUID[]::new),
        Statements.column(answers, it -> it.placement.namespace(), String[]::new),
        Statements.column(answers, it -> it.placement.router().value(), UUID[]::new),
        Statements.column(answers, it -> it.session.number(), Long[]::new),
        Statements.column(answers, it -> it.fence().installation(), UUID[]::new),
        Statements.column(answers, it -> it.fence().epoch(), Integer[]::new),
        Statements.column(answers, it -> it.fence().number(), Long[]::new),
        Statements.column(answers, it -> VerdictJson.write(it.held.verdicts()), String[]::new),
        Statements.column(answers, Answer::isGoodNews, Boolean[]::new),
        Statements.column(
            answers, it -> it.refusals().stream().anyMatch(Reason::canHeal), Boolean[]::new),
        Statements.column(answers, it -> it.retryAfter.toMillis(), Long[]::new));
  }
}
