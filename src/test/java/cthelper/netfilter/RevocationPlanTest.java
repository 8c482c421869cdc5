package cthelper.netfilter;

import static cthelper.netfilter.ConntrackRecording.helped;
import static cthelper.netfilter.ConntrackRecording.to;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who loses a helper among the connections of {@link ConntrackRecording}. */
class RevocationPlanTest {

  private static final HelperSpec FTP_AT_21 = spec("ftp", Protocol.TCP, 21);
  private static final HelperSpec SIP_AT_5060 = spec("sip", Protocol.UDP, 5060);
  private static final HelperSpec RAS_AT_1719 = spec("h323", Protocol.UDP, 1719);

  @Test
  void bothFamiliesLoseIt() {
    assertThat(among(helped(), FTP_AT_21))
        .isEqualTo(met(List.of(to(21), ConntrackRecording.toFtpOverIpv6()), List.of()));
  }

  @Test
  void onePlanServesAllThatIsRemoved() {
    assertThat(among(helped(), spec("ftp", Protocol.TCP, 2121), SIP_AT_5060, RAS_AT_1719))
        .isEqualTo(met(List.of(to(2121), to(5060), to(1719)), List.of(to(5070), to(4001))));
  }

  @Test
  void anotherHelperAtThePortStays() {
    assertThat(among(helped(), spec("irc", Protocol.TCP, 21), spec("tftp", Protocol.UDP, 5060)))
        .isEqualTo(met(List.of(), List.of()));
  }

  @Test
  void anotherProtocolAtThePortStays() {
    assertThat(among(helped(), spec("sip", Protocol.TCP, 5060)))
        .isEqualTo(met(List.of(), List.of()));
  }

  /** It came to port 5070, but not because of an assignment there. */
  @Test
  void whatWasAnnouncedIsNotJudgedByItsOwnPort() {
    assertThat(among(helped(), spec("sip", Protocol.UDP, 5070)))
        .isEqualTo(met(List.of(), List.of()));
  }

  @Test
  void whatWasAnnouncedIsMetWithoutItsMaster() {
    assertThat(among(List.of(to(5070)), SIP_AT_5060)).isEqualTo(met(List.of(), List.of(to(5070))));
  }

  /** RAS announces Q.931, which announces H.245, which announces sound without any helper. */
  @Test
  void callsAreMetToTheLastGeneration() {
    ConntrackEntry h245 = announcedBy(to(4001), "H.245", to(2121));
    List<ConntrackEntry> connections = List.of(h245, to(4001), to(1719));

    assertThat(among(connections, RAS_AT_1719))
        .isEqualTo(met(List.of(to(1719)), List.of(to(4001), h245)));
  }

  @Test
  void whatCannotBeInheritedStays() {
    ConntrackEntry foreign = announcedBy(to(5060), "ftp", to(2121));

    assertThat(among(List.of(foreign, to(5060)), SIP_AT_5060))
        .isEqualTo(met(List.of(to(5060)), List.of()));
  }

  @Test
  void connectionsThatAnnounceEachOtherAreMetOnce() {
    ConntrackEntry other = announcedBy(to(5070), "sip", to(2121));
    ConntrackEntry one = announcedBy(other, "sip", to(5070));

    assertThat(RevocationPlan.of(List.of(to(5070), one, other), removed(SIP_AT_5060)).deleted())
        .containsExactly(to(5070), other, one);
  }

  @Test
  void expectationOfARemovedHelperIsMetWithOrWithoutItsName() {
    ConntrackExpectation expectation = ConntrackRecording.expectation();
    ConntrackExpectation nameless =
        new ConntrackExpectation(
            expectation.family(),
            expectation.awaited(),
            expectation.master(),
            Optional.empty(),
            expectation.zone(),
            expectation.id());

    assertThat(removed(FTP_AT_21).made(expectation)).isTrue();
    assertThat(removed(FTP_AT_21).made(nameless)).isTrue();
    assertThat(removed(spec("irc", Protocol.TCP, 21)).made(expectation)).isFalse();
    assertThat(removed(SIP_AT_5060).made(nameless)).isFalse();
  }

  /** Another connection, known by the tuple of a recorded one. */
  private static ConntrackEntry announcedBy(
      ConntrackEntry master, String helper, ConntrackEntry like) {
    return new ConntrackEntry(
        like.family(),
        like.original(),
        helper,
        Optional.of(master.original()),
        like.zone(),
        like.id());
  }

  private static Met among(List<ConntrackEntry> connections, HelperSpec... removed) {
    RevocationPlan plan = RevocationPlan.of(connections, removed(removed));
    return met(plan.detached(), plan.deleted());
  }

  private static Met met(List<ConntrackEntry> detached, List<ConntrackEntry> deleted) {
    return new Met(Set.copyOf(detached), Set.copyOf(deleted));
  }

  private static RemovedAssignments removed(HelperSpec... removed) {
    return RemovedAssignments.of(Set.of(removed));
  }

  private static HelperSpec spec(String helper, Protocol protocol, int port) {
    return new HelperSpec(HelperCatalog.find(helper, protocol).orElseThrow(), port);
  }

  /** A plan, whatever the order. */
  private record Met(Set<ConntrackEntry> detached, Set<ConntrackEntry> deleted) {}
}
