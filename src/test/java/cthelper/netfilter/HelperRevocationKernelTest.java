package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.MadeConnection.ipv4;
import static cthelper.netfilter.MadeConnection.make;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.Conntrack;
import cthelper.lab.LabNamespace;
import cthelper.lab.PrivateNetns;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections made without packets: those that real traffic gives only with some effort. */
@ExtendWith(PrivateNetns.class)
class HelperRevocationKernelTest {

  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int MANY = 10_000;
  private static final int HELPED = 20;
  private static final HelperSpec RAS =
      new HelperSpec(HelperCatalog.find("h323", Protocol.UDP).orElseThrow(), 1719);

  private final KernelFixture kernel = new KernelFixture();
  private final LabNamespace namespace = new LabNamespace(kernel.namespace().name());

  @AfterEach
  void close() {
    kernel.close();
  }

  @Test
  void namespaceWithoutConnectionsIsDoneAtOnce() {
    assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(0, 0));
    assertThat(HelpedConnections.list(kernel.socket()))
        .isEqualTo(new HelpedConnections.Listed(List.of()));
  }

  @Test
  void foreignHelperAtTheSamePortStays() {
    MadeConnection foreign = ipv4(TCP, 4001, 21).withHelper("irc");
    MadeConnection without = ipv4(TCP, 4002, 21);
    make(kernel.socket(), ipv4(TCP, 4000, 21).withHelper("ftp"), foreign, without);
    foreign.expect(kernel.socket(), 5001);

    assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(1, 0));

    assertThat(Conntrack.connections(namespace)).hasSize(3);
    assertThat(Conntrack.connections(namespace))
        .filteredOn(line -> line.contains("helper="))
        .singleElement()
        .asString()
        .contains(foreign.ports(), "helper=irc");
    assertThat(Conntrack.expectations(namespace))
        .singleElement()
        .asString()
        .contains("dport=5001", "helper=irc");
  }

  @Test
  void thePortIsTheOneBeforeTranslation() {
    MadeConnection forwarded = ipv4(TCP, 4000, 2021).withHelper("ftp").translatedTo(21);
    MadeConnection direct = ipv4(TCP, 4001, 21).withHelper("ftp").translatedTo(2021);
    make(kernel.socket(), forwarded, direct);

    assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(1, 0));

    assertThat(Conntrack.connectionsWithHelper(namespace, "ftp"))
        .singleElement()
        .asString()
        .contains(forwarded.ports(), "sport=21 dport=4000");
  }

  @Test
  void connectionsInZonesAreMet() {
    MadeConnection connection = ipv4(TCP, 4000, 21).withHelper("ftp");
    make(kernel.socket(), connection, connection.inZone(7), connection.inZone(8));

    assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(3, 0));

    assertThat(Conntrack.connections(namespace))
        .hasSize(3)
        .noneMatch(line -> line.contains("helper="));
  }

  @Test
  void callOfH323IsForgottenWithItsExpectations() {
    MadeConnection gatekeeper = ipv4(UDP, 1719, 1719).withHelper("RAS");
    MadeConnection call = ipv4(TCP, 4000, 4001).withHelper("Q.931").announcedBy(gatekeeper);
    MadeConnection otherCall = ipv4(TCP, 4002, 1720).withHelper("Q.931");
    make(kernel.socket(), gatekeeper, call, otherCall);
    gatekeeper.expect(kernel.socket(), 5001);
    call.expect(kernel.socket(), 5002);
    otherCall.expect(kernel.socket(), 5003);

    assertThat(revoke(RAS)).isEqualTo(new Revocation.Done(1, 1));

    assertThat(Conntrack.connections(namespace))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).contains(gatekeeper.ports()).doesNotContain("helper="),
            line -> assertThat(line).contains(otherCall.ports(), "helper=Q.931"));
    assertThat(Conntrack.expectations(namespace)).singleElement().asString().contains("dport=5003");
  }

  @Test
  void fewAmongManyAreAllMet() {
    makeMany(MANY, i -> ipv4(UDP, 10_000 + i, 53));
    makeMany(HELPED, i -> ipv4(TCP, 10_000 + i, 21).withHelper("ftp"));

    assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(HELPED, 0));

    assertThat(Conntrack.connections(namespace))
        .hasSize(MANY + HELPED)
        .noneMatch(line -> line.contains("helper="));
  }

  @Test
  void manyAreAllMet() {
    makeMany(1000, i -> ipv4(TCP, 10_000 + i, 21).withHelper("ftp"));

    assertThat(revoke(FTP.spec())).isEqualTo(new Revocation.Done(1000, 0));

    assertThat(Conntrack.connectionsWithHelper(namespace, "ftp")).isEmpty();
  }

  private void makeMany(int number, IntFunction<MadeConnection> connection) {
    MadeConnection[] all =
        IntStream.range(0, number).mapToObj(connection).toArray(MadeConnection[]::new);
    make(kernel.socket(), all);
  }

  private Revocation revoke(HelperSpec removed) {
    return HelperRevocation.revoke(kernel.socket(), Set.of(removed));
  }
}
