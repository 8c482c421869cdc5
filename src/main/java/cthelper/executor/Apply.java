package cthelper.executor;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.Fence;
import cthelper.model.HelperSpec;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.netfilter.CommitResult;
import cthelper.netfilter.Errno;
import cthelper.netfilter.HelperTable;
import cthelper.netfilter.KernelRefusal;
import cthelper.netfilter.NamespaceSocket;
import cthelper.netfilter.TableReading;
import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Ownership;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes one namespace hold one desired state, and proves it: read, compare, one transaction, read
 * again. The first reading is spared where the {@link LastReading} still holds.
 *
 * <p>Running it twice changes nothing the second time. Helpers the kernel refuses are left out and
 * the rest is sent once more, so that one bad helper never harms another. An older fence, a table
 * of another installation and a table that is not ours are left exactly as they are.
 */
final class Apply {

  /** Foreign programs may change the ruleset between our reading and writing; not for ever. */
  private static final int MOST_ROUNDS = 8;

  private final NamespaceSocket socket;
  private final HelperTable table;
  private final TableTombstones tombstones;
  private final DesiredState desired;
  private final boolean own;
  private final LastReading last;
  private final List<DesiredHelper> wanted;
  private final List<Verdict> verdicts = new ArrayList<>();
  private final KernelHelpers kernel;
  private final Removals removals;
  private boolean changed;

  /** Told of assignments before they are removed, so that a crash leaves no connection behind. */
  interface Removals {
    void owe(Set<HelperSpec> removed) throws IOException;
  }

  /**
   * @param socket of the namespace; nobody else changes our table through it meanwhile
   * @param kernel which helpers this machine has
   * @param own whether the table gets the owner and persist flags
   * @param last of the same socket
   * @param removals told of every assignment that is about to go
   */
  Apply(
      NamespaceSocket socket,
      DesiredState desired,
      KernelHelpers kernel,
      TableTombstones tombstones,
      boolean own,
      LastReading last,
      Removals removals) {
    this.socket = socket;
    this.table = new HelperTable(desired.fence().installation());
    this.desired = desired;
    this.kernel = kernel;
    this.tombstones = tombstones;
    this.own = own;
    this.last = last;
    this.removals = removals;
    this.wanted = new ArrayList<>(desired.helpers());
  }

  /**
   * Runs it.
   *
   * @throws IOException when the tombstone of a removed table, or what has to be revoked after a
   *     change, cannot be written; then nothing is removed
   */
  ObservedState run() throws IOException {
    refuseAbsent();
    changeWhatWasLastRead();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      TableReading reading = table.read(socket);
      last.remember(reading);
      Optional<ObservedState> answer = answerFrom(reading);
      if (answer.isPresent()) {
        return answer.get();
      }
      if (reading instanceof Changeable changeable) {
        Optional<ObservedState> failure = failureOf(change(changeable));
        if (failure.isPresent()) {
          return failure.get();
        }
      }
    }
    return failed(
        changed ? Reason.READ_BACK_DIFFERS : Reason.CONTENDED,
        "not as desired after %d tries; another program changes the ruleset"
            .formatted(MOST_ROUNDS));
  }

  /**
   * Spares the first reading where nothing happened since the last one. If something did, or the
   * kernel refuses for whatever reason, nothing is changed and the usual rounds find out.
   */
  private void changeWhatWasLastRead() throws IOException {
    Optional<TableReading.Ours> ours = last.get().filter(this::mayBeRefilled);
    if (ours.isPresent()) {
      oweRemoved(ours.get());
      CommitResult result = table.write(socket, ours.get(), desired.fence(), wanted, own);
      Optional<ObservedState> _ = failureOf(result); // the usual rounds meet it again
    }
  }

  private boolean mayBeRefilled(TableReading.Ours ours) {
    return ours.isIntact()
        && desired.fence().isOfSameInstallation(ours.fence())
        && desired.fence().isNewerThan(ours.fence())
        && !wanted.isEmpty()
        && isProtected(ours.ownership());
  }

  /** What can be said from reading alone: not ours to touch, old news, or right already. */
  private Optional<ObservedState> answerFrom(TableReading reading) {
    return switch (reading) {
      case TableReading.Foreign foreign -> Optional.of(foreign(foreign.installation()));
      case TableReading.Absent absent -> answerFromMemory();
      case TableReading.Ours ours when ours.fence().isNewerThan(desired.fence()) ->
          Optional.of(new Superseded(desired.fence(), ours.fence()));
      case TableReading.Ours ours ->
          isRight(ours) && isProtected(ours.ownership()) ? Optional.of(held()) : Optional.empty();
      case TableReading.Contended contended ->
          Optional.of(
              failed(Reason.CONTENDED, "another program changes the ruleset without pause"));
      case TableReading.Failed failure ->
          Optional.of(failed(KernelReasons.of(failure.errno()), failure.detail()));
    };
  }

  /** The table is gone; only our memory can tell whether that is newer than what we are asked. */
  private Optional<ObservedState> answerFromMemory() {
    Optional<Fence> buried = tombstones.of(desired.router());
    if (buried.isPresent() && !buried.get().isOfSameInstallation(desired.fence())) {
      return Optional.of(
          failed(
              Reason.FOREIGN_INSTALLATION,
              "was emptied by installation %s of this service within the last day; to hand it over"
                      .formatted(buried.get().installation())
                  + " remove the file node/tombstones of this node and start again"));
    }
    if (buried.isPresent() && buried.get().isNewerThan(desired.fence())) {
      return Optional.of(new Superseded(desired.fence(), buried.get()));
    }
    if (wanted.isEmpty()) {
      tombstones.remember(desired.router(), desired.fence());
    }
    return wanted.isEmpty() ? Optional.of(held()) : Optional.empty();
  }

  private boolean isRight(TableReading.Ours ours) {
    return ours.isIntact()
        && ours.fence().equals(desired.fence())
        && !wanted.isEmpty()
        && ours.assignments().size() == wanted.size()
        && wanted.stream()
            .allMatch(helper -> helper.id().equals(ours.assignments().get(helper.spec())));
  }

  /** A table that outlived its owner, or never had one, is not yet as it should be. */
  private boolean isProtected(Ownership ownership) {
    return !own || ownership == Ownership.US || ownership == Ownership.OTHERS;
  }

  private Held held() {
    List<Verdict> all = new ArrayList<>(verdicts);
    for (DesiredHelper helper : wanted) {
      all.add(Verdict.proven(helper, kernel.familiesOf(helper.spec().type())));
    }
    return new Held(desired.fence(), all, changed);
  }

  private void oweRemoved(Changeable before) throws IOException {
    if (before instanceof TableReading.Ours ours) {
      Set<HelperSpec> removed = new HashSet<>(ours.assignments().keySet());
      removed.addAll(ours.strangers());
      wanted.forEach(helper -> removed.remove(helper.spec()));
      if (!removed.isEmpty()) {
        removals.owe(removed);
      }
    }
  }

  private CommitResult change(Changeable before) throws IOException {
    oweRemoved(before);
    if (wanted.isEmpty()) {
      tombstones.bury(desired.router(), desired.fence());
      return table.remove(socket, before);
    }
    if (before instanceof TableReading.Ours ours
        && isRight(ours)
        && ours.ownership() == Ownership.ORPHANED) {
      return table.adopt(socket, ours);
    }
    return table.write(socket, before, desired.fence(), wanted, own);
  }

  /** Empty when the next round's reading tells what came of the transaction. */
  private Optional<ObservedState> failureOf(CommitResult result) {
    return switch (result) {
      case CommitResult.Committed committed -> {
        changed = true;
        yield Optional.empty();
      }
      case CommitResult.HelpersRefused refused -> {
        refused.refusals().forEach((id, why) -> refuse(id, reasonOf(why), why.toString()));
        if (refused.refusals().values().stream().anyMatch(Apply::saysAbsent)) {
          kernel.doubt();
        }
        yield Optional.empty();
      }
      case CommitResult.GenerationMoved moved -> Optional.empty();
      case CommitResult.Unknown unknown -> Optional.empty();
      case CommitResult.Failed failure ->
          Optional.of(failed(KernelReasons.of(failure.errno()), failure.detail()));
    };
  }

  /** Leaves out what the kernel is known not to have, so that no transaction fails of it. */
  private void refuseAbsent() {
    for (DesiredHelper helper : desired.helpers()) {
      if (kernel.familiesOf(helper.spec().type()).isEmpty()) {
        refuse(
            helper.id(),
            Reason.HELPER_NOT_IN_KERNEL,
            "no helper %s in this kernel; load its module (nf_conntrack_%s)"
                .formatted(helper.spec().type(), helper.spec().type().name()));
      }
    }
  }

  private void refuse(UUID id, Reason reason, String detail) {
    for (DesiredHelper helper : List.copyOf(wanted)) {
      if (helper.id().equals(id)) {
        wanted.remove(helper);
        verdicts.add(Verdict.refused(helper, reason, detail));
      }
    }
  }

  private static Reason reasonOf(KernelRefusal refusal) {
    return saysAbsent(refusal) ? Reason.HELPER_NOT_IN_KERNEL : Reason.REFUSED_BY_KERNEL;
  }

  private static boolean saysAbsent(KernelRefusal refusal) {
    return refusal.errno().equals(Errno.ENOENT);
  }

  private Failed foreign(Optional<UUID> installation) {
    return installation
        .map(whose ->
            failed(
                Reason.FOREIGN_INSTALLATION,
                "belongs to installation %s of this service; to hand it over remove table inet"
                        .formatted(whose)
                    + " conntrack_helpers there"))
        .orElseGet(() ->
            failed(
                Reason.FOREIGN_TABLE,
                "table inet conntrack_helpers was not made by this service; to let the service"
                    + " work there remove it"));
  }

  private Failed failed(Reason reason, String detail) {
    return new Failed(desired.fence(), reason, detail);
  }
}
