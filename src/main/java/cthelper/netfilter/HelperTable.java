package cthelper.netfilter;

import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.netfilter.TableReading.Absent;
import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Integrity;
import cthelper.netfilter.TableReading.Ours;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Our nftables table of a network namespace, {@code inet conntrack_helpers} (its shape: {@link
 * TableSchema}), read and changed over netlink.
 *
 * <p>The usual round: read, decide, change what was read; a change that meets anything else than
 * what was read is refused by the kernel. One writer per namespace at a time is the caller's lock;
 * several processes are kept apart by generation and fence. Stateless but for the installation.
 * Microseconds on a busy machine: reading 5 helpers 55, refilling them 20, installing 40; 100
 * helpers 110, 130, 155. A refused change takes 6,000–16,000, one refused for its generation 15.
 */
public final class HelperTable {

  /** A foreign program that commits without pause leaves gaps of microseconds: enough of them. */
  private static final int ATTEMPTS = 20;

  private final UUID installation;

  /**
   * @param installation ours: tables of any other are only recognised, never changed
   */
  public HelperTable(UUID installation) {
    this.installation = installation;
  }

  /**
   * Reads everything in the table, all of it at one moment. A damaged skeleton is believed when it
   * is read twice: replacing it is the one change for which the kernel compares no fence.
   */
  public TableReading read(NamespaceSocket socket) {
    Optional<TableReading> previous = Optional.empty();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<TableReading> reading = tryToRead(socket);
      if (reading.isPresent() && (!isDamaged(reading.get()) || reading.equals(previous))) {
        return reading.get();
      }
      previous = reading;
    }
    return new TableReading.Contended(ATTEMPTS);
  }

  /**
   * Makes the table hold exactly these helpers at this fence, in one transaction: installs the
   * table where it is absent, replaces it where its skeleton is damaged, else refills its map.
   *
   * @param before what was read through this socket
   * @param next of our installation, not older than the one that was read
   * @param helpers no two of one protocol and port
   * @param owner whether the table is to belong to this socket, so that no other program can change
   *     it; {@link KernelSupport#ownerPersist} tells if the kernel can. One that outlived its owner
   *     is adopted. Without it the flags stay as they are.
   * @throws IllegalArgumentException when the fence is older or of another installation
   */
  public CommitResult write(
      NamespaceSocket socket,
      Changeable before,
      Fence next,
      List<DesiredHelper> helpers,
      boolean owner) {
    requireOurs(next);
    if (before instanceof Ours ours && ours.fence().isNewerThan(next)) {
      throw new IllegalArgumentException(
          "fence %s is older than %s, which the kernel holds".formatted(next, ours.fence()));
    }
    return commit(socket, TableChange.write(before, next, helpers, owner));
  }

  /**
   * Makes a table that outlived its owner belong to this socket, and touches nothing in it.
   *
   * @param orphan whose ownership was read as {@link TableReading.Ownership#ORPHANED}
   */
  public CommitResult adopt(NamespaceSocket socket, Ours orphan) {
    return commit(socket, TableChange.adopt(orphan));
  }

  /** Makes the table be gone; nothing else in the namespace changes. */
  public CommitResult remove(NamespaceSocket socket, Changeable before) {
    return switch (before) {
      case Absent _ -> new CommitResult.Committed();
      case Ours ours -> commit(socket, TableChange.remove(ours));
    };
  }

  private static boolean isDamaged(TableReading reading) {
    return reading instanceof Ours ours && ours.integrity() == Integrity.SKELETON_DAMAGED;
  }

  private Optional<TableReading> tryToRead(NamespaceSocket socket) {
    List<Exchange.Answered> answers = new ArrayList<>();
    for (List<NetlinkRequest> questions : TableSnapshot.QUESTIONS) {
      switch (socket.exchange(questions)) {
        case Exchange.Answered answered -> answers.add(answered);
        case Exchange.NotSent(Errno errno) -> {
          return Optional.of(new TableReading.Failed(errno, "send: " + errno));
        }
        case Exchange.Lost(Errno errno) -> {
          return errno.equals(Errno.ENOBUFS)
              ? Optional.empty()
              : Optional.of(new TableReading.Failed(errno, "receive: " + errno));
        }
      }
    }
    return TableInspection.of(new TableSnapshot(answers), installation, socket.portId());
  }

  private static CommitResult commit(NamespaceSocket socket, TableChange change) {
    return CommitJudgement.of(change, socket.exchange(change.requests()));
  }

  private void requireOurs(Fence fence) {
    if (!fence.installation().equals(installation)) {
      throw new IllegalArgumentException("a fence of installation " + fence.installation());
    }
  }
}
