package cthelper.stream;

import cthelper.model.AddressFamily;
import cthelper.model.ObservedState;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.stream.wire.Failed;
import cthelper.stream.wire.Gone;
import cthelper.stream.wire.Held;
import cthelper.stream.wire.Observed;
import cthelper.stream.wire.Superseded;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What came of a desired state, to and from the wire. Pure. */
final class WireObserved {

  private WireObserved() {}

  static Observed observed(Placement placement, ObservedState state) {
    Observed.Builder message = Observed.newBuilder().setPlace(WireValues.place(placement));
    switch (state) {
      case ObservedState.Held held -> message.setHeld(held(held));
      case ObservedState.Failed failed -> message.setFailed(failed(failed));
      case ObservedState.Superseded superseded ->
          message.setSuperseded(
              Superseded.newBuilder()
                  .setDesired(WireValues.fence(superseded.desired()))
                  .setHeld(WireValues.fence(superseded.held())));
      case ObservedState.Gone() -> message.setGone(Gone.getDefaultInstance());
    }
    return message.build();
  }

  /** Empty when it is of a kind that only a newer version knows. */
  static Optional<ObservedState> state(Observed message) {
    return switch (message.getStateCase()) {
      case HELD -> Optional.of(held(message.getHeld()));
      case FAILED -> Optional.of(failed(message.getFailed()));
      case SUPERSEDED ->
          Optional.of(
              new ObservedState.Superseded(
                  WireValues.fence(message.getSuperseded().getDesired()),
                  WireValues.fence(message.getSuperseded().getHeld())));
      case GONE -> Optional.of(new ObservedState.Gone());
      case STATE_NOT_SET -> Optional.empty();
    };
  }

  private static Held held(ObservedState.Held held) {
    return Held.newBuilder()
        .setFence(WireValues.fence(held.fence()))
        .addAllVerdicts(held.verdicts().stream().map(WireObserved::verdict).toList())
        .setChanged(held.changed())
        .build();
  }

  private static ObservedState.Held held(Held held) {
    return new ObservedState.Held(
        WireValues.fence(held.getFence()),
        held.getVerdictsList().stream().map(WireObserved::verdict).toList(),
        held.getChanged());
  }

  private static Failed failed(ObservedState.Failed failed) {
    return Failed.newBuilder()
        .setDesired(WireValues.fence(failed.desired()))
        .setReason(failed.reason().code())
        .setDetail(failed.detail())
        .build();
  }

  private static ObservedState.Failed failed(Failed failed) {
    return new ObservedState.Failed(
        WireValues.fence(failed.getDesired()),
        reason(failed.getReason()),
        detail(failed.getReason(), failed.getDetail()));
  }

  private static cthelper.stream.wire.Verdict verdict(Verdict verdict) {
    return cthelper.stream.wire.Verdict.newBuilder()
        .setHelperId(WireValues.id(verdict.helper()))
        .setRevision(verdict.revision())
        .setProven(verdict.proven())
        .addAllFamilies(WireValues.families(verdict.families()))
        .setReason(verdict.whyNot().map(Reason::code).orElse(""))
        .setDetail(verdict.detail())
        .build();
  }

  private static Verdict verdict(cthelper.stream.wire.Verdict verdict) {
    Set<AddressFamily> families = WireValues.knownFamilies(verdict.getFamiliesList());
    return new Verdict(
        WireValues.id(verdict.getHelperId()),
        verdict.getRevision(),
        verdict.getProven(),
        families,
        verdict.getProven() ? null : reason(verdict.getReason()),
        verdict.getProven()
            ? verdict.getDetail()
            : detail(verdict.getReason(), verdict.getDetail()));
  }

  private static Optional<Reason> known(String code) {
    return Arrays.stream(Reason.values()).filter(reason -> reason.code().equals(code)).findFirst();
  }

  /** One that only a newer version has is the kernel's; {@link #detail} keeps its word. */
  private static Reason reason(String code) {
    return known(code).orElse(Reason.KERNEL_ERROR);
  }

  private static String detail(String code, String detail) {
    return known(code).isPresent() ? detail : code + ": " + detail;
  }
}
