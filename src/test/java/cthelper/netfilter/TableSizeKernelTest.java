package cthelper.netfilter;

import static cthelper.netfilter.KernelFixture.fence;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.RealRoot;
import cthelper.model.DesiredHelper;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.HelperType;
import cthelper.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However many helpers a router has, they travel in one transaction. */
class TableSizeKernelTest {

  private final KernelFixture kernel = new KernelFixture();

  @AfterEach
  void deleteNamespace() {
    kernel.close();
  }

  @Test
  void thousandHelpersOfAllTypesAreReadAsWritten() {
    List<DesiredHelper> helpers = helpers(1_000);

    assertThat(write(1, helpers)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.readOurs().assignments()).isEqualTo(assignments(helpers));
    assertThat(kernel.readOurs().isIntact()).isTrue();

    List<DesiredHelper> half = helpers.subList(500, 1_000);
    assertThat(write(2, half)).isEqualTo(new CommitResult.Committed());
    assertThat(kernel.readOurs().assignments()).isEqualTo(assignments(half));
  }

  @Test
  void everyPortOfBothProtocolsFitsIntoOneTransaction() {
    HelperType tcp = HelperCatalog.find("sip", Protocol.TCP).orElseThrow();
    HelperType udp = HelperCatalog.find("netbios-ns", Protocol.UDP).orElseThrow();
    List<DesiredHelper> helpers = new ArrayList<>();
    for (int port = HelperSpec.MIN_PORT; port <= HelperSpec.MAX_PORT; port++) {
      helpers.add(new DesiredHelper(new UUID(tcp.hashCode(), port), 1, new HelperSpec(tcp, port)));
      helpers.add(new DesiredHelper(new UUID(udp.hashCode(), port), 1, new HelperSpec(udp, port)));
    }

    CommitResult result = write(1, helpers);

    if (RealRoot.is()) {
      assertThat(result).isEqualTo(new CommitResult.Committed());
      assertThat(kernel.readOurs().assignments()).isEqualTo(assignments(helpers));
    } else {
      // Only the machine's root may send more than net.core.wmem_max at once.
      assertThat(result)
          .isInstanceOfSatisfying(
              CommitResult.Failed.class,
              failed -> assertThat(failed.errno()).isEqualTo(Errno.EMSGSIZE));
      assertThat(kernel.read()).isInstanceOf(TableReading.Absent.class);
    }
  }

  private CommitResult write(long fence, List<DesiredHelper> helpers) {
    return kernel.write(fence(fence), helpers.toArray(DesiredHelper[]::new));
  }

  private static List<DesiredHelper> helpers(int count) {
    Random random = new Random(42);
    List<HelperType> types = HelperCatalog.all();
    List<DesiredHelper> helpers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      HelperType type = types.get(random.nextInt(types.size()));
      UUID id = new UUID(random.nextLong(), random.nextLong());
      helpers.add(new DesiredHelper(id, 1, new HelperSpec(type, 1 + i)));
    }
    return helpers;
  }

  private static Map<HelperSpec, UUID> assignments(List<DesiredHelper> helpers) {
    return helpers.stream().collect(Collectors.toMap(DesiredHelper::spec, DesiredHelper::id));
  }
}
