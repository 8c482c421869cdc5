package cthelper.netfilter;

import cthelper.model.HelperSpec;
import cthelper.netfilter.ConnectionTable.Answer;
import java.util.List;
import java.util.Set;

/**
 * Takes helpers that are no longer assigned off live connections, and their expectations with them.
 *
 * <p>A connection is met when protocol, port (of its first packet, before any translation) and
 * helper are those of a removed assignment; everything else stays as it is, above all other helpers
 * at the same port and the same helper at other ports. (Who else assigned the very same does not
 * show in a connection.) The connection itself goes on. Only one that inherited its helper from a
 * call's signalling (SIP, H.323) is forgotten by connection tracking, since the kernel does not
 * change it otherwise; its next packet is a new connection, for the firewall to judge.
 *
 * <p>Packets that are on their way while this runs may leave a connection with a helper behind: run
 * it once more, some 100 ms after the assignment is gone.
 *
 * <p>Stateless. Nothing but the number of connections is asked where there is none; else one dump,
 * see {@link ConnectionTable} for how long things take.
 */
public final class HelperRevocation {

  private static final Answer<Revocation.Done> NOTHING =
      new Answer.Told<>(new Revocation.Done(0, 0));

  private HelperRevocation() {}

  /**
   * Does it for all of them at once.
   *
   * @param removed no longer assigned; assignments that exist are not to be among them
   */
  public static Revocation revoke(NamespaceSocket socket, Set<HelperSpec> removed) {
    Answer<Revocation.Done> answer =
        removed.isEmpty()
            ? NOTHING
            : revoke(new ConnectionTable(socket), RemovedAssignments.of(removed));
    return switch (answer) {
      case Answer.Told(Revocation.Done done) -> done;
      case Answer.Failed(Errno errno, String detail) -> new Revocation.Failed(errno, detail);
    };
  }

  private static Answer<Revocation.Done> revoke(ConnectionTable table, RemovedAssignments removed) {
    return table.entries().then(entries -> entries == 0 ? NOTHING : sweep(table, removed));
  }

  private static Answer<Revocation.Done> sweep(ConnectionTable table, RemovedAssignments removed) {
    Answer<List<ConntrackEntry>> helped =
        removed.mayBeInherited() ? table.helped() : table.assignedAHelper();
    return helped.then(
        connections -> carryOut(table, RevocationPlan.of(connections, removed), removed));
  }

  /**
   * Every step, whatever another one comes to. Masters first: then they announce no more while the
   * connections they announced go.
   */
  private static Answer<Revocation.Done> carryOut(
      ConnectionTable table, RevocationPlan plan, RemovedAssignments removed) {
    Answer<Integer> detached =
        table.tell("detach", plan.detached().stream().map(ConntrackRequests::detach).toList());
    Answer<Integer> deleted =
        table.tell("delete", plan.deleted().stream().map(ConntrackRequests::delete).toList());
    Answer<Integer> expectations = deleteExpectations(table, removed);
    return detached.then(some ->
        deleted.then(others ->
            expectations.then(_ -> new Answer.Told<>(new Revocation.Done(some, others)))));
  }

  /**
   * Expectations go with the helper, but for one that a packet made on another processor in just
   * that moment. Its master has no helper any more, so that no later run would meet it by that.
   */
  private static Answer<Integer> deleteExpectations(
      ConnectionTable table, RemovedAssignments removed) {
    return table
        .expectations()
        .then(expectations ->
            table.tell(
                "delete expectations",
                expectations.stream()
                    .filter(removed::made)
                    .map(ConntrackRequests::delete)
                    .toList()));
  }
}
