package cthelper.audit;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import cthelper.netfilter.ConnectionTarget;
import cthelper.netfilter.ForeignAssignment;
import cthelper.netfilter.HelpedConnection;
import cthelper.netfilter.Ports;
import cthelper.netfilter.TableReading;
import cthelper.netfilter.TableReading.Integrity;
import cthelper.netfilter.TableReading.Ownership;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each way in which a kernel can differ from what the API says is told in one line. */
class ComparisonTest {

  private static final UUID ID = UUID.fromString("6f1c0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11");
  private static final UUID OTHER_ID = UUID.fromString("a07e0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11");
  private static final HelperSpec FTP_21 = new HelperSpec(HelperCatalog.parse("ftp:tcp"), 21);
  private static final HelperSpec TFTP_69 = new HelperSpec(HelperCatalog.parse("tftp:udp"), 69);
  private static final TableReading ABSENT = new TableReading.Absent(1);

  private static TableReading table(Integrity integrity, Map<HelperSpec, UUID> assignments) {
    return new TableReading.Ours(
        1,
        new Fence(UUID.randomUUID(), 1, 1),
        new TreeMap<>(assignments),
        Set.of(),
        Set.of(),
        integrity,
        Ownership.NONE);
  }

  private static HelpedConnection connection(int port, String helper) {
    return new HelpedConnection(
        AddressFamily.IPV4, new ConnectionTarget(6, port), helper, Optional.empty());
  }

  private static Optional<List<SaidHelper>> said(String status) {
    return Optional.of(List.of(new SaidHelper(ID, FTP_21, status)));
  }

  private static List<String> findings(
      Optional<List<SaidHelper>> said, TableReading table, HelpedConnection... connections) {
    SeenNamespace seen =
        new SeenNamespace(table, List.of(), List.of(connections), Optional.empty());
    return Comparison.of("qrouter", said, seen).stream().map(Finding::toString).toList();
  }

  @Test
  void whatAgreesIsNoFinding() {
    TableReading held = table(Integrity.INTACT, Map.of(FTP_21, ID));
    assertThat(findings(said("ACTIVE"), held, connection(21, "ftp"))).isEmpty();
    assertThat(findings(Optional.of(List.of()), ABSENT)).isEmpty();
    assertThat(findings(Optional.empty(), ABSENT)).isEmpty();
    assertThat(findings(said("ERROR"), ABSENT)).isEmpty();
  }

  @Test
  void whatIsSaidToBeActiveAndIsNotHeldIsMissing() {
    assertThat(findings(said("ACTIVE"), ABSENT))
        .containsExactly(
            "missing   qrouter  no assignment ftp:tcp at port 21, but helper " + ID + " is ACTIVE");
  }

  @Test
  void whatIsHeldAndNotSaidIsLeftOver() {
    TableReading held = table(Integrity.INTACT, Map.of(FTP_21, ID, TFTP_69, OTHER_ID));
    assertThat(findings(said("ACTIVE"), held))
        .containsExactly(
            "leftover  qrouter  assignment tftp:udp at port 69, but the router has no such helper");
    assertThat(findings(Optional.empty(), held))
        .contains("leftover  qrouter  table, but the API knows no such router");
    assertThat(findings(Optional.of(List.of()), table(Integrity.INTACT, Map.of())))
        .containsExactly("leftover  qrouter  table, but the router has no helpers");
  }

  @Test
  void connectionsWithAHelperThatIsNotAssignedAreLeftOver() {
    assertThat(
            findings(Optional.of(List.of()), ABSENT, connection(21, "ftp"), connection(21, "ftp")))
        .containsExactly(
            "leftover  qrouter  2 live connections carry ftp:tcp at port 21, which is not assigned");
    assertThat(findings(Optional.of(List.of()), ABSENT, connection(21, "unheard-of"))).isEmpty();
  }

  @Test
  void anActiveHelperThatSomebodyComesBeforeIsMissing() {
    ForeignAssignment other =
        new ForeignAssignment(
            "table inet fw chain pre",
            "ftp",
            Set.of(AddressFamily.IPV4),
            Set.of(Protocol.TCP),
            new Ports(List.of(new Ports.Range(21, 21))),
            true);
    SeenNamespace seen =
        new SeenNamespace(
            table(Integrity.INTACT, Map.of(FTP_21, ID)),
            List.of(other),
            List.of(),
            Optional.empty());
    assertThat(Comparison.of("qrouter", said("ACTIVE"), seen).stream().map(Finding::toString))
        .containsExactly(
            "missing   qrouter  helper %s is ACTIVE, but a rule of table inet fw chain pre comes before it"
                .formatted(ID));
    assertThat(Comparison.of("qrouter", said("ERROR"), seen)).isEmpty();
  }

  @Test
  void aDamagedOrForeignTableIsTold() {
    assertThat(findings(said("ACTIVE"), table(Integrity.SKELETON_DAMAGED, Map.of(FTP_21, ID))))
        .containsExactly("damaged   qrouter  the table is not as this service makes it");
    assertThat(findings(said("ACTIVE"), table(Integrity.INTACT, Map.of(FTP_21, OTHER_ID))))
        .singleElement()
        .asString()
        .startsWith("damaged   qrouter  assignment ftp:tcp at port 21 is of helper " + OTHER_ID);
    assertThat(findings(said("ERROR"), new TableReading.Foreign(1, Optional.empty())))
        .containsExactly("damaged   qrouter  a table of our name, made by another program");
  }
}
