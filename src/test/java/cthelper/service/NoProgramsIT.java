package cthelper.service;

import static cthelper.service.ServiceProcess.settings;
import static org.assertj.core.api.Assertions.assertThat;

import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The service itself talks to the kernel: programs of the same purpose are never started. */
@ExtendWith(PrivateNetns.class)
class NoProgramsIT {

  private static final List<String> PROGRAMS =
      List.of("nft", "ip", "iptables", "ip6tables", "conntrack", "nsenter", "modprobe");

  @Test
  void aHelperComesAndGoesWithoutAnyOfThem() throws IOException {
    String router = UUID.randomUUID().toString();
    try (DataFolder data = new DataFolder();
        RouterNamespace namespace = RouterNamespace.add(router)) {
      Path traps = data.path().resolve("traps");
      Path mark = data.path().resolve("mark");
      layTraps(traps, mark);

      String path = traps + ":" + System.getenv("PATH");
      try (ServiceProcess service = ServiceProcess.start(data.path(), settings("PATH", path))) {
        Api api = new Api(service.base());
        api.awaitRouter(router);
        String id = api.createHelper(router, "ftp", "tcp", 21);
        api.awaitStatus(router, id, "ACTIVE");
        assertThat(namespace.ourTable()).contains("tcp . 21");
        api.deleteRouter(router).then().statusCode(204);
      }

      assertThat(mark).doesNotExist();
      Command.of(traps.resolve("nft").toString()).run();
      assertThat(mark).as("a trap that was stepped into").exists();
    }
  }

  private static void layTraps(Path traps, Path mark) throws IOException {
    Files.createDirectory(traps);
    for (String program : PROGRAMS) {
      Path trap = Files.writeString(traps.resolve(program), "#!/bin/sh\necho $0 >>" + mark + "\n");
      Files.setPosixFilePermissions(trap, PosixFilePermissions.fromString("rwx------"));
    }
  }
}
