package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.AddressFamily;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperType;
import cthelper.netfilter.KernelSupport.Probe;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class KernelSupportKernelTest {

  /**
   * Holds where all helpers are built in or their modules can be loaded, as in the tests' kernel.
   */
  @Test
  void kernelHasTheCatalogueInTheFamiliesItSays() {
    TestNamespace.requirePrivateDirectory();
    Map<HelperType, Set<AddressFamily>> catalogue =
        HelperCatalog.all().stream().collect(Collectors.toMap(type -> type, HelperType::families));
    try (NamespaceDoor door = new NamespaceDoor(new LinuxSystemCalls());
        NamespaceSocket parked = ((Opening.Opened) door.openHere()).socket()) {

      assertThat(KernelSupport.probe(parked))
          .isInstanceOfSatisfying(
              Probe.Probed.class,
              probed -> assertThat(probed.support().families()).isEqualTo(catalogue));
    }
  }

  @Test
  void lostAnswerIsNoHelperThatTheKernelLacks() {
    FaultyCalls faulty = new FaultyCalls();
    try (KernelFixture kernel = new KernelFixture(faulty.calls())) {
      faulty.damageReplies(replies -> replies.subList(0, replies.size() - 1));

      assertThat(KernelSupport.probe(kernel.socket()))
          .isEqualTo(
              new Probe.Failed(
                  Errno.EBADMSG, "probe: EBADMSG (not an answer that can be understood)"));
    }
  }

  @Test
  void probeLeavesNothingBehind() {
    try (KernelFixture kernel = new KernelFixture()) {
      int generation = kernel.read().generation();

      KernelSupport.probe(kernel.socket());

      assertThat(kernel.read()).isEqualTo(new TableReading.Absent(generation));
      assertThat(kernel.namespace().ruleset()).isEmpty();
    }
  }
}
