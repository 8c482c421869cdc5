package cthelper.stream;

import static cthelper.stream.Plan.fence;
import static cthelper.stream.Plan.ftp;
import static cthelper.stream.Plan.namespace;
import static cthelper.stream.Plan.placement;
import static cthelper.stream.Plan.tftp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import cthelper.model.AddressFamily;
import cthelper.model.DesiredState;
import cthelper.model.DriftRepairs;
import cthelper.model.ObservedState;
import cthelper.model.ObservedState.Failed;
import cthelper.model.ObservedState.Gone;
import cthelper.model.ObservedState.Held;
import cthelper.model.ObservedState.Superseded;
import cthelper.model.Reason;
import cthelper.model.Verdict;
import cthelper.node.NodeNamespace;
import cthelper.stream.wire.Capability;
import cthelper.stream.wire.Desired;
import cthelper.stream.wire.DesiredHelper;
import cthelper.stream.wire.Drifted;
import cthelper.stream.wire.FromNode;
import cthelper.stream.wire.Hello;
import cthelper.stream.wire.Inventory;
import cthelper.stream.wire.Observed;
import cthelper.stream.wire.Place;
import cthelper.stream.wire.ToNode;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is sent is what arrives, also by and from a service that is one version newer. */
class WireTest {

  private static final UnknownFieldSet NEWER =
      UnknownFieldSet.newBuilder()
          .addField(
              1000,
              UnknownFieldSet.Field.newBuilder()
                  .addLengthDelimited(ByteString.copyFromUtf8("of a newer version"))
                  .build())
          .build();

  static Hello hello() {
    try (SimulatedNode node = new SimulatedNode()) {
      return WireIdentity.hello(node, Plan.PROCESS);
    }
  }

  @Test
  void aNodeArrivesAsItIs() throws InvalidProtocolBufferException {
    Hello hello = Hello.parseFrom(hello().toByteArray());
    assertThat(WireIdentity.identity(hello)).isEqualTo(Plan.IDENTITY);
    assertThat(WireValues.id(hello.getProcessId())).isEqualTo(SimulatedNode.PROCESS);
    assertThat(hello.getBootId()).isEqualTo("boot");
    assertThat(hello.getVersion()).isEqualTo("1.0");
    assertThat(hello.getContract()).isEqualTo(1);
  }

  @Test
  void namespacesArriveAsTheyAre() throws InvalidProtocolBufferException {
    List<NodeNamespace> sent =
        List.of(
            namespace(1, Long.MIN_VALUE),
            new NodeNamespace("snat-" + Plan.router(1), Plan.router(1), false, 17));
    Inventory inventory = Inventory.parseFrom(WireNamespaces.inventory(sent).toByteArray());
    assertThat(WireNamespaces.namespaces(inventory)).isEqualTo(sent);
  }

  static List<DesiredState> desiredStates() {
    return List.of(Plan.desired(1, 5, ftp(3), tftp(Long.MAX_VALUE)), Plan.desired(1, 6));
  }

  @ParameterizedTest
  @MethodSource("desiredStates")
  void whatIsDesiredArrivesAsItIs(DesiredState sent) throws InvalidProtocolBufferException {
    Desired message = Desired.parseFrom(WireDesired.message(placement(1), sent).toByteArray());
    assertThat(WireDesired.of(message)).isEqualTo(new WireDesired(sent, List.of()));
    assertThat(WireValues.placement(Plan.NODE, message.getPlace())).isEqualTo(placement(1));
  }

  static List<ObservedState> observedStates() {
    return List.of(
        new Held(
            fence(5),
            List.of(
                Verdict.proven(ftp(3), EnumSet.allOf(AddressFamily.class)).warned("but"),
                Verdict.proven(tftp(4), Set.of(AddressFamily.IPV6)),
                Verdict.refused(ftp(5), Reason.OVERRIDDEN, "by a table")),
            true),
        new Held(fence(6), List.of(), false),
        new Failed(fence(7), Reason.NOT_PERMITTED, "EPERM"),
        new Superseded(fence(8), fence(9)),
        new Gone());
  }

  @ParameterizedTest
  @MethodSource("observedStates")
  void whatIsObservedArrivesAsItIs(ObservedState sent) throws InvalidProtocolBufferException {
    Observed message = Observed.parseFrom(WireObserved.observed(placement(1), sent).toByteArray());
    assertThat(WireObserved.state(message)).contains(sent);
  }

  @ParameterizedTest
  @EnumSource
  void everyReasonArrivesAsItIs(Reason reason) {
    Failed sent = new Failed(fence(7), reason, "why");
    assertThat(WireObserved.state(WireObserved.observed(placement(1), sent))).contains(sent);
  }

  @Test
  void driftArrivesAsItIsAndAddsUp() throws InvalidProtocolBufferException {
    DriftRepairs sent = new DriftRepairs(2, "deleted table", "nft", 4711);
    Drifted message = Drifted.parseFrom(WireDrift.drifted(placement(1), sent).toByteArray());
    assertThat(WireDrift.drift(message)).isEqualTo(sent);

    Drifted later =
        WireDrift.drifted(placement(1), new DriftRepairs(3, "deleted rule", "iptables", 4712));
    assertThat(WireDrift.drift(WireDrift.added(message, later)))
        .isEqualTo(new DriftRepairs(5, "deleted rule", "iptables", 4712));
  }

  @Test
  void fieldsOfANewerVersionAreNoTrouble() throws InvalidProtocolBufferException {
    Hello hello = Hello.parseFrom(newer(hello()));
    assertThat(WireIdentity.identity(hello)).isEqualTo(Plan.IDENTITY);

    DesiredState desired = Plan.desired(1, 5, ftp(3));
    Desired wanted = Desired.parseFrom(newer(WireDesired.message(placement(1), desired)));
    assertThat(WireDesired.of(wanted).state()).isEqualTo(desired);

    Observed observed = Observed.parseFrom(newer(WireObserved.observed(placement(1), new Gone())));
    assertThat(WireObserved.state(observed)).contains(new Gone());
  }

  private static byte[] newer(Message message) {
    return message.toBuilder().setUnknownFields(NEWER).build().toByteArray();
  }

  @Test
  void messagesOfANewerVersionAreKnownToBeUnknown() throws InvalidProtocolBufferException {
    assertThat(FromNode.parseFrom(NEWER.toByteArray()).getMessageCase())
        .isEqualTo(FromNode.MessageCase.MESSAGE_NOT_SET);
    assertThat(ToNode.parseFrom(NEWER.toByteArray()).getMessageCase())
        .isEqualTo(ToNode.MessageCase.MESSAGE_NOT_SET);
    assertThat(WireObserved.state(Observed.parseFrom(NEWER.toByteArray()))).isEmpty();
  }

  @Test
  @SuppressWarnings("AvoidValueSetter") // there is no name for it here
  void aFamilyOfANewerVersionIsLeftOut() {
    Capability capability =
        Capability.newBuilder()
            .setHelper("ftp")
            .setProtocol("tcp")
            .addFamiliesValue(1)
            .addFamiliesValue(77)
            .build();
    assertThat(WireIdentity.helpers(List.of(capability)))
        .isEqualTo(Map.of(Plan.FTP, Set.of(AddressFamily.IPV4)));
  }

  @Test
  void aHelperTypeOfANewerNodeIsLeftOut() {
    Capability capability = Capability.newBuilder().setHelper("new").setProtocol("tcp").build();
    assertThat(WireIdentity.helpers(List.of(capability))).isEmpty();
  }

  @Test
  void aReasonOfANewerNodeKeepsItsWord() {
    Observed message =
        Observed.newBuilder()
            .setFailed(
                cthelper.stream.wire.Failed.newBuilder()
                    .setDesired(WireValues.fence(fence(7)))
                    .setReason("too-hot")
                    .setDetail("91 degrees"))
            .build();
    assertThat(WireObserved.state(message))
        .contains(new Failed(fence(7), Reason.KERNEL_ERROR, "too-hot: 91 degrees"));
  }

  /** The others are held all the same. */
  @Test
  void aHelperTypeOfANewerReconcilerIsRefused() {
    UUID id = new UUID(9, 9);
    Desired message =
        WireDesired.message(placement(1), Plan.desired(1, 5, ftp(3))).toBuilder()
            .addHelpers(
                DesiredHelper.newBuilder()
                    .setId(WireValues.id(id))
                    .setRevision(2)
                    .setHelper("quic")
                    .setProtocol("udp")
                    .setPort(443))
            .build();
    WireDesired desired = WireDesired.of(message);
    assertThat(desired.state()).isEqualTo(Plan.desired(1, 5, ftp(3)));

    UnknownHelpers unknown = new UnknownHelpers();
    unknown.desired(placement(1), desired);
    Held held = Plan.held(desired.state());
    assertThat(unknown.completed(placement(1), held))
        .isEqualTo(
            new Held(
                fence(5),
                List.of(
                    held.verdicts().getFirst(),
                    new Verdict(
                        id,
                        2,
                        false,
                        Set.of(),
                        Reason.HELPER_NOT_IN_KERNEL,
                        "this node's version of the service has no quic:udp: update it")),
                true));
    assertThat(unknown.completed(placement(2), held)).isEqualTo(held);
    Held older = new Held(fence(4), List.of(), false);
    assertThat(unknown.completed(placement(1), older)).isEqualTo(older);
  }

  @Test
  void whatNoVersionCanHaveMeantIsRefused() {
    assertThatThrownBy(() -> WireValues.id(ByteString.copyFromUtf8("short")))
        .isInstanceOf(MalformedMessage.class)
        .hasMessage("an id of 5 bytes");
    Desired port =
        WireDesired.message(placement(1), Plan.desired(1, 5, ftp(3))).toBuilder()
            .setHelpers(
                0,
                DesiredHelper.newBuilder()
                    .setId(WireValues.id(new UUID(1, 1)))
                    .setHelper("ftp")
                    .setProtocol("tcp")
                    .setPort(65536))
            .build();
    assertThatThrownBy(() -> WireDesired.of(port))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageContaining("65536");
    assertThatThrownBy(() -> WireDrift.drift(Drifted.getDefaultInstance()))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> WireValues.placement(Plan.NODE, Place.getDefaultInstance()))
        .isInstanceOf(MalformedMessage.class);
  }
}
