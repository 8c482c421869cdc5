package cthelper.netfilter;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.DesiredHelper;
import cthelper.model.Fence;
import cthelper.model.HelperCatalog;
import cthelper.model.HelperSpec;
import cthelper.model.Protocol;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class HelperTableKernelTest {

  private static final UUID INSTALLATION = UUID.fromString("7c1f0a52-3b1d-4a6e-9d0e-5b8f8f7c2a11");

  @Test
  void installShowsInNft() {
    LinuxSystemCalls calls = new LinuxSystemCalls();
    try (TestNamespace namespace = TestNamespace.create();
        NamespaceDoor door = new NamespaceDoor(calls);
        NamespaceSocket socket = ((Opening.Opened) door.open(namespace.path())).socket()) {
      HelperTable table = new HelperTable(INSTALLATION);
      var before = table.read(socket);
      System.err.println(before);
      var ftp = HelperCatalog.find("ftp", Protocol.TCP).orElseThrow();
      var result =
          table.write(
              socket,
              (TableReading.Changeable) before,
              new Fence(INSTALLATION, 1, 42),
              List.of(new DesiredHelper(UUID.randomUUID(), 1, new HelperSpec(ftp, 21))),
              true);
      System.err.println(result);
      System.err.println(namespace.ruleset());
      System.err.println(namespace.nft("add", "table", "inet", "x"));
      var again = table.read(socket);
      System.err.println(again);
      result =
          table.write(
              socket,
              (TableReading.Changeable) again,
              new Fence(INSTALLATION, 1, 42),
              List.of(new DesiredHelper(UUID.randomUUID(), 1, new HelperSpec(ftp, 2121))),
              true);
      System.err.println(result);
      System.err.println(table.read(socket));
      System.err.println(namespace.ruleset());
      System.err.println(KernelSupport.probe(socket));
      System.err.println(table.remove(socket, (TableReading.Changeable) table.read(socket)));
      assertThat(namespace.ruleset()).isEmpty();
    }
  }
}
