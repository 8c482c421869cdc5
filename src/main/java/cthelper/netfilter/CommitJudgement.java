package cthelper.netfilter;

import cthelper.model.DesiredHelper;
import cthelper.netfilter.TableChange.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

/**
 * Understands the kernel's answers to a {@link TableChange}. Pure.
 *
 * <p>Every refused request of a batch answers with its own number and, for elements, the offset of
 * the first culprit; accepted ones may say yes although the batch fails. So a batch is committed if
 * nothing was refused and the yes it asked for came.
 */
final class CommitJudgement {

  /** Refusals that say something about the machine or about us, never about a helper. */
  private static final Set<Errno> FAULTS_OF_THE_MACHINE =
      Set.of(
          Errno.EPERM,
          Errno.ENOMEM,
          Errno.ENOBUFS,
          Errno.EAGAIN,
          Errno.EINTR,
          Errno.ERESTART,
          Errno.ENFILE,
          Errno.EMFILE);

  private CommitJudgement() {}

  static CommitResult of(TableChange change, Exchange exchange) {
    return switch (exchange) {
      case Exchange.NotSent(Errno errno) -> new CommitResult.Failed(errno, "send: " + errno);
      case Exchange.Lost(Errno errno) -> new CommitResult.Unknown(errno);
      case Exchange.Answered answered -> of(change.steps(), answered);
    };
  }

  private static CommitResult of(List<Step> steps, Exchange.Answered answered) {
    List<Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      refusal(steps.get(i), answered.acknowledgementOf(i)).ifPresent(refusals::add);
    }
    if (refusals.isEmpty()) {
      boolean yes =
          answered.acknowledgementOf(steps.size() - 1).isPresent()
              || answered.acknowledgementOf(steps.size() - 2).isPresent();
      return yes ? new CommitResult.Committed() : new CommitResult.Unknown(Errno.EBADMSG);
    }
    if (refusals.stream().anyMatch(Refusal::saysThatSomethingMoved)) {
      return new CommitResult.GenerationMoved();
    }
    Map<UUID, KernelRefusal> culprits = culprits(refusals);
    Optional<Refusal> fault = refusals.stream().filter(Refusal::isFaultOfTheMachine).findFirst();
    if (fault.isPresent() || culprits.isEmpty()) {
      return fault.orElse(refusals.getFirst()).failed();
    }
    return new CommitResult.HelpersRefused(culprits);
  }

  private static Optional<Refusal> refusal(Step step, Optional<Acknowledgement> answer) {
    return answer.flatMap(acknowledgement ->
        acknowledgement.error().map(errno -> new Refusal(step, errno, acknowledgement)));
  }

  private static Map<UUID, KernelRefusal> culprits(List<Refusal> refusals) {
    Map<UUID, KernelRefusal> culprits = new LinkedHashMap<>();
    for (Refusal refusal : refusals) {
      for (DesiredHelper helper : refusal.culprits()) {
        culprits.putIfAbsent(helper.id(), refusal.reason());
      }
    }
    return culprits;
  }

  private record Refusal(Step step, Errno errno, Acknowledgement answer) {

    boolean saysThatSomethingMoved() {
      return switch (step.purpose()) {
        case BATCH -> errno.equals(Errno.ERESTART);
        case COMPARE_FENCE -> errno.equals(Errno.ENOENT);
        case NEW_TABLE -> errno.equals(Errno.EEXIST);
        case OBJECT, ELEMENTS, OTHER -> false;
      };
    }

    boolean isFaultOfTheMachine() {
      return FAULTS_OF_THE_MACHINE.contains(errno);
    }

    KernelRefusal reason() {
      return KernelRefusal.of(errno, answer.text());
    }

    CommitResult.Failed failed() {
      return new CommitResult.Failed(errno, step.name() + ": " + reason());
    }

    /** The helpers this refusal is about: all users of an object, or the one at the offset. */
    List<DesiredHelper> culprits() {
      return switch (step.purpose()) {
        case OBJECT -> step.helpers();
        case ELEMENTS -> elementAtOffset().map(step.helpers()::get).map(List::of).orElse(List.of());
        case BATCH, COMPARE_FENCE, NEW_TABLE, OTHER -> List.of();
      };
    }

    /** Which of the map's elements in the request the kernel points at. */
    private Optional<Integer> elementAtOffset() {
      List<NetlinkAttribute> elements =
          step.request().attributes().get(Nft.LIST_ELEMENTS).nest().all(Nft.LIST_ELEMENT);
      return answer.offset().stream()
          .boxed()
          .flatMap(offset ->
              IntStream.range(0, elements.size())
                  .filter(i -> elements.get(i).contains(offset))
                  .boxed())
          .findFirst();
    }
  }
}
