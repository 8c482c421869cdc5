package cthelper.stream;

import cthelper.model.DesiredHelper;
import cthelper.model.DesiredState;
import cthelper.model.HelperSpec;
import cthelper.model.Placement;
import cthelper.model.Reason;
import cthelper.model.RouterId;
import cthelper.model.Verdict;
import cthelper.stream.wire.Desired;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A desired state that came over the wire.
 *
 * @param state what this version can do of it
 * @param unknown on every helper of a type that only a newer version has: it is refused here
 */
record WireDesired(DesiredState state, List<Verdict> unknown) {

  WireDesired {
    unknown = List.copyOf(unknown);
  }

  static Desired message(Placement placement, DesiredState desired) {
    return Desired.newBuilder()
        .setPlace(WireValues.place(placement))
        .setFence(WireValues.fence(desired.fence()))
        .addAllHelpers(desired.helpers().stream().map(WireDesired::helper).toList())
        .build();
  }

  private static cthelper.stream.wire.DesiredHelper helper(DesiredHelper helper) {
    return cthelper.stream.wire.DesiredHelper.newBuilder()
        .setId(WireValues.id(helper.id()))
        .setRevision(helper.revision())
        .setHelper(helper.spec().type().name())
        .setProtocol(helper.spec().protocol().wireName())
        .setPort(helper.spec().port())
        .build();
  }

  static WireDesired of(Desired message) {
    List<DesiredHelper> known = new ArrayList<>();
    List<Verdict> unknown = new ArrayList<>();
    try {
      for (cthelper.stream.wire.DesiredHelper helper : message.getHelpersList()) {
        WireValues.helperType(helper.getHelper(), helper.getProtocol())
            .map(type -> new HelperSpec(type, helper.getPort()))
            .ifPresentOrElse(
                spec ->
                    known.add(
                        new DesiredHelper(
                            WireValues.id(helper.getId()), helper.getRevision(), spec)),
                () -> unknown.add(refused(helper)));
      }
      return new WireDesired(
          new DesiredState(
              new RouterId(WireValues.id(message.getPlace().getRouterId())),
              WireValues.fence(message.getFence()),
              known),
          unknown);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessage(String.valueOf(e.getMessage()));
    }
  }

  private static Verdict refused(cthelper.stream.wire.DesiredHelper helper) {
    return new Verdict(
        WireValues.id(helper.getId()),
        helper.getRevision(),
        false,
        Set.of(),
        Reason.HELPER_NOT_IN_KERNEL,
        "this node's version of the service has no %s:%s: update it"
            .formatted(helper.getHelper(), helper.getProtocol()));
  }
}
