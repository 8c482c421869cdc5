package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.FTP;
import static cthelper.netfilter.KernelFixture.SIP;
import static cthelper.netfilter.KernelFixture.TFTP;
import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.netfilter.TableReading.Changeable;
import cthelper.netfilter.TableReading.Ours;
import cthelper.netfilter.TableReading.Ownership;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernel's flags owner and persist keep others' hands off our table, and it outlives us. */
class TableOwnershipKernelTest {

  private final KernelFixture kernel = new KernelFixture();
  private final NamespaceSocket owner = kernel.openSocket();

  @AfterEach
  void deleteNamespace() {
    kernel.close();
  }

  @Test
  void ownedTableIsOursForTheOwnerAndOthersForEverybodyElse() {
    kernel.writeAsOwner(owner, fence(42), FTP);

    assertThat(ownershipAsSeenBy(owner)).isEqualTo(Ownership.US);
    assertThat(ownershipAsSeenBy(kernel.socket())).isEqualTo(Ownership.OTHERS);
  }

  @Test
  void strangersMayNotTouchAnOwnedTable() {
    kernel.writeAsOwner(owner, fence(42), FTP);
    String before = kernel.namespace().ruleset();

    assertThat(kernel.namespace().nft("flush chain inet conntrack_helpers prerouting").output())
        .contains("Operation not permitted");
    kernel.namespace().nft("flush ruleset").orFail();
    assertThat(kernel.write(fence(43), TFTP))
        .isInstanceOfSatisfying(
            CommitResult.Failed.class, failed -> assertThat(failed.errno()).isEqualTo(Errno.EPERM));
    assertThat(kernel.namespace().ruleset()).isEqualTo(before);
  }

  @Test
  void ownerRefillsAndRemoves() {
    kernel.writeAsOwner(owner, fence(42), FTP);

    assertThat(kernel.writeAsOwner(owner, fence(43), TFTP)).isEqualTo(new CommitResult.Committed());
    Changeable before = (Changeable) kernel.table().read(owner);
    assertThat(kernel.table().remove(owner, before)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.namespace().ruleset()).isEmpty();
  }

  @Test
  void tableOutlivesItsOwnerAndIsAdopted() {
    kernel.writeAsOwner(owner, fence(42), FTP);
    owner.close();

    assertThat(kernel.readOurs().ownership()).isEqualTo(Ownership.ORPHANED);
    assertThat(kernel.readOurs().isIntact()).isTrue();
    assertThat(kernel.writeAsOwner(kernel.socket(), fence(42), FTP, SIP))
        .isEqualTo(new CommitResult.Committed());
    assertThat(kernel.readOurs().ownership()).isEqualTo(Ownership.US);
    assertThat(kernel.readOurs().assignments()).hasSize(2);
  }

  @Test
  void orphanedTableIsRefilledWithoutAdoptingIt() {
    kernel.writeAsOwner(owner, fence(42), FTP);
    owner.close();

    assertThat(kernel.write(fence(43), TFTP)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.readOurs().ownership()).isEqualTo(Ownership.ORPHANED);
  }

  @Test
  void damagedOrphanIsReplacedByAnOwnedTable() {
    kernel.writeAsOwner(owner, fence(42), FTP);
    owner.close();
    kernel.namespace().nft("flush chain inet conntrack_helpers prerouting").orFail();

    assertThat(kernel.writeAsOwner(kernel.socket(), fence(43), FTP))
        .isEqualTo(new CommitResult.Committed());
    assertThat(kernel.readOurs().ownership()).isEqualTo(Ownership.US);
    assertThat(kernel.readOurs().isIntact()).isTrue();
  }

  @Test
  void tableWithoutFlagsGetsAnOwnerByReplacement() {
    kernel.write(fence(42), FTP);

    assertThat(kernel.writeAsOwner(owner, fence(42), FTP)).isEqualTo(new CommitResult.Committed());
    assertThat(ownershipAsSeenBy(owner)).isEqualTo(Ownership.US);
    assertThat(kernel.readOurs().assignments()).containsOnlyKeys(List.of(FTP.spec()));
  }

  private Ownership ownershipAsSeenBy(NamespaceSocket socket) {
    return ((Ours) kernel.table().read(socket)).ownership();
  }
}
