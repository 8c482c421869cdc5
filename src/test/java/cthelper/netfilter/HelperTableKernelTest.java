package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import cthelper.model.AddressFamily;
import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Ours;
import cthelper.netfilter.TableReading.Ownership;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Our table in the kernel, with nft(8) as an independent witness. */
class HelperTableKernelTest {

  private static final UUID OTHER_INSTALLATION =
      UUID.fromString("11111111-2222-4333-8444-555555555555");
  private static final DesiredHelper UNKNOWN_TO_KERNEL =
      new DesiredHelper(
          UUID.fromString("0d000000-0000-4000-8000-000000000004"),
          1,
          new HelperSpec(
              new HelperType("quake", Protocol.UDP, "no-such", Set.of(AddressFamily.IPV4), 26000),
              26000));

  private static final String INSTALLED =
      """
      table inet conntrack_helpers {
      	comment "conntrack-helper installation 7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11"
      	ct helper ftp-tcp {
      		type "ftp" protocol tcp
      		l3proto inet
      	}

      	ct helper tftp-udp {
      		type "tftp" protocol udp
      		l3proto inet
      	}

      	map assign {
      		type inet_proto . inet_service : ct helper
      		elements = { tcp . 21 comment "0a000000-0000-4000-8000-000000000001" : "ftp-tcp",
      			     udp . 69 comment "0b000000-0000-4000-8000-000000000002" : "tftp-udp" }
      	}

      	set fence {
      		type mark . mark . mark
      		elements = { 0x00000001 . 0x00000000 . 0x0000002a }
      	}

      	chain prerouting {
      		type filter hook prerouting priority mangle; policy accept;
      		ct state new ct helper set meta l4proto . th dport map @assign
      	}
      }
      """;

  private final KernelFixture kernel = new KernelFixture();
  private final TestNamespace namespace = kernel.namespace();
  private final NamespaceSocket socket = kernel.socket();
  private final HelperTable table = kernel.table();

  @AfterEach
  void deleteNamespace() {
    kernel.close();
  }

  @Test
  void emptyNamespaceHasNoTable() {
    assertThat(table.read(socket)).isInstanceOf(TableReading.Absent.class);
  }

  @Test
  void installShowsExactlyOurTableInNft() {
    assertThat(kernel.write(fence(42), TFTP, FTP)).isEqualTo(new CommitResult.Committed());

    assertThat(namespace.ruleset()).isEqualTo(INSTALLED);
  }

  @Test
  void tableThatWasNotReadIsNotInstalledOver() {
    kernel.write(fence(42), TFTP, FTP);
    TableReading.Absent mistaken = new TableReading.Absent(kernel.read().generation());

    assertThat(table.write(socket, mistaken, fence(43), List.of(SIP), false))
        .isEqualTo(new CommitResult.GenerationMoved());
    assertThat(namespace.ruleset()).isEqualTo(INSTALLED);
  }

  @Test
  void whatWasWrittenIsRead() {
    kernel.write(fence(42), FTP, TFTP);

    assertThat(kernel.readOurs())
        .satisfies(ours -> {
          assertThat(ours.fence()).isEqualTo(fence(42));
          assertThat(ours.assignments())
              .isEqualTo(new TreeMap<>(Map.of(FTP.spec(), FTP.id(), TFTP.spec(), TFTP.id())));
          assertThat(ours.objects())
              .containsExactlyInAnyOrder(FTP.spec().type(), TFTP.spec().type());
          assertThat(ours.isIntact()).isTrue();
          assertThat(ours.ownership()).isEqualTo(Ownership.NONE);
        });
  }

  @Test
  void secondReadSeesTheSame() {
    kernel.write(fence(42), FTP, TFTP);

    assertThat(table.read(socket)).isEqualTo(table.read(socket));
  }

  @Test
  void orderOfTheHelpersDoesNotMatter() {
    List<DesiredHelper> helpers = new ArrayList<>(List.of(SIP, TFTP, FTP));
    kernel.write(fence(42), helpers.toArray(DesiredHelper[]::new));
    String once = namespace.ruleset();
    Collections.reverse(helpers);
    kernel.write(fence(42), helpers.toArray(DesiredHelper[]::new));

    assertThat(namespace.ruleset()).isEqualTo(once);
  }

  @Test
  void refillChangesHelpersObjectsAndFence() {
    kernel.write(fence(42), FTP, TFTP);
    kernel.write(fence(1L << 40 | 43), TFTP, SIP);

    assertThat(namespace.ruleset())
        .contains(
            "udp . 69 comment \"0b000000-0000-4000-8000-000000000002\" : \"tftp-udp\"",
            "udp . 5060 comment \"0c000000-0000-4000-8000-000000000003\" : \"sip-udp\"",
            "0x00000001 . 0x00000100 . 0x0000002b")
        .doesNotContain("ftp-tcp");
    assertThat(kernel.readOurs().fence()).isEqualTo(fence(1L << 40 | 43));
  }

  @Test
  void refillKeepsTheRuleThatWasThere() {
    kernel.write(fence(42), FTP);
    String before = handles();
    kernel.write(fence(43), FTP, TFTP);

    assertThat(handles()).isEqualTo(before);
  }

  @Test
  void portMayChangeItsHelper() {
    DesiredHelper other = new DesiredHelper(SIP.id(), 1, new HelperSpec(SIP.spec().type(), 69));
    kernel.write(fence(42), TFTP);

    assertThat(kernel.write(fence(43), other)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.readOurs().assignments()).isEqualTo(Map.of(other.spec(), other.id()));
  }

  @Test
  void noHelpersLeaveTheSkeleton() {
    kernel.write(fence(42), FTP);
    kernel.write(fence(43));

    assertThat(kernel.readOurs().assignments()).isEmpty();
    assertThat(kernel.readOurs().objects()).isEmpty();
    assertThat(kernel.readOurs().isIntact()).isTrue();
  }

  @Test
  void removeLeavesNothing() {
    kernel.write(fence(42), FTP, TFTP);

    assertThat(table.remove(socket, kernel.read())).isEqualTo(new CommitResult.Committed());
    assertThat(namespace.ruleset()).isEmpty();
    assertThat(table.remove(socket, kernel.read())).isEqualTo(new CommitResult.Committed());
  }

  @Test
  void removeTouchesNothingElse() {
    namespace.nft("add table inet other; add chain inet other c").orFail();
    String before = namespace.ruleset();
    kernel.write(fence(42), FTP);
    table.remove(socket, kernel.read());

    assertThat(namespace.ruleset()).isEqualTo(before);
  }

  @Test
  void helperTheKernelLacksIsNamedAndNothingChanges() {
    kernel.write(fence(42), FTP, TFTP);

    assertThat(kernel.write(fence(43), FTP, UNKNOWN_TO_KERNEL, SIP))
        .isEqualTo(
            new CommitResult.HelpersRefused(
                Map.of(UNKNOWN_TO_KERNEL.id(), new KernelRefusal(Errno.ENOENT, "no such thing"))));
    assertThat(namespace.ruleset()).isEqualTo(INSTALLED);
  }

  @Test
  void elementTheKernelRefusesIsNamedByItsOffset() {
    DesiredHelper twice = new DesiredHelper(UUID.randomUUID(), 1, new HelperSpec(type("sip"), 69));

    assertThat(kernel.write(fence(42), SIP, TFTP, twice))
        .isInstanceOfSatisfying(
            CommitResult.HelpersRefused.class,
            refused ->
                assertThat(refused.refusals())
                    .hasSize(1)
                    .containsValue(new KernelRefusal(Errno.EEXIST, "exists already")));
    assertThat(namespace.ruleset()).isEmpty();
  }

  @Test
  void olderFenceIsRefusedBeforeTheKernelIsAsked() {
    kernel.write(fence(42), FTP);
    Changeable before = kernel.read();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> table.write(socket, before, fence(41), List.of(TFTP), false))
        .withMessage("fence 1.41 is older than 1.42, which the kernel holds");
  }

  @Test
  void unexpectedFenceIsRefusedByTheKernel() {
    kernel.write(fence(42), FTP, TFTP);
    Ours before = kernel.readOurs();
    Ours mistaken =
        new Ours(
            before.generation(),
            fence(41),
            before.assignments(),
            before.strangers(),
            before.objects(),
            before.integrity(),
            before.ownership());

    assertThat(table.write(socket, mistaken, fence(43), List.of(SIP), false))
        .isEqualTo(new CommitResult.GenerationMoved());
    assertThat(table.remove(socket, mistaken)).isEqualTo(new CommitResult.GenerationMoved());
    assertThat(namespace.ruleset()).isEqualTo(INSTALLED);
  }

  @Test
  void changeBySomebodyElseSinceTheReadingIsNoticed() {
    kernel.write(fence(42), FTP, TFTP);
    Changeable before = kernel.read();
    namespace.nft("add", "table", "ip", "elsewhere").orFail();

    assertThat(table.write(socket, before, fence(43), List.of(SIP), false))
        .isEqualTo(new CommitResult.GenerationMoved());
    assertThat(namespace.ruleset()).startsWith(INSTALLED);
  }

  @Test
  void tableOfAnotherInstallationIsForeign() {
    new HelperTable(OTHER_INSTALLATION)
        .write(socket, kernel.read(), new Fence(OTHER_INSTALLATION, 1, 1), List.of(FTP), false);

    assertThat(table.read(socket))
        .isInstanceOfSatisfying(
            TableReading.Foreign.class,
            foreign -> assertThat(foreign.installation()).contains(OTHER_INSTALLATION));
  }

  @Test
  void tableOfOurNameMadeByHandIsForeign() {
    namespace.nft("add", "table", "inet", "conntrack_helpers").orFail();

    assertThat(table.read(socket))
        .isInstanceOfSatisfying(
            TableReading.Foreign.class, foreign -> assertThat(foreign.installation()).isEmpty());
  }

  /** The rules with the numbers the kernel gave them. */
  private String handles() {
    return namespace.nft("-a", "list", "chain", "inet", "conntrack_helpers", "prerouting").orFail();
  }

  private static HelperType type(String name) {
    return HelperCatalog.find(name, Protocol.UDP).orElseThrow();
  }
}
