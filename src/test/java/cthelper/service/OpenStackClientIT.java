package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import cthelper.lab.Command;
import cthelper.lab.PrivateNetns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The command line and the SDK of OpenStack, as Debian packages them, against the service. */
@ExtendWith(PrivateNetns.class)
class OpenStackClientIT {

  @RegisterExtension static final RunningService SERVICE = new RunningService();

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HELPER = "network l3 conntrack helper ";

  @TempDir Path temporary;

  /** One command line of {@code openstack}; what it printed. */
  private static String openstack(String arguments) {
    return openstack(arguments.split(" ")).run();
  }

  private static Command openstack(String... arguments) {
    List<String> line = new ArrayList<>(List.of(Command.require("openstack").toString()));
    line.addAll(List.of("--os-auth-type", "none", "--os-endpoint", SERVICE.api().base()));
    line.addAll(List.of(arguments));
    return Command.of(line.toArray(String[]::new)).within(LIMIT);
  }

  private static JsonNode json(String arguments) throws IOException {
    return JSON.readTree(openstack(arguments + " -f json"));
  }

  /** The router is named, so that each command looks it up as a person's would. */
  @Test
  void theLifeOfAHelperOnTheCommandLine() throws IOException {
    String name = "edge-" + UUID.randomUUID();
    JsonNode router = json("router create " + name);
    assertThat(router.path("status").asText()).isEqualTo("ACTIVE");

    JsonNode made = json(HELPER + "create --helper tftp --protocol udp --port 69 " + name);
    String id = made.path("id").asText();
    assertThat(made.path("port").asInt()).isEqualTo(69);
    assertThat(made.path("helper").asText()).isEqualTo("tftp");

    assertThat(openstack(HELPER + "set --port 6969 " + name + " " + id)).isEmpty();
    JsonNode shown = json(HELPER + "show " + name + " " + id);
    assertThat(shown.path("port").asInt()).isEqualTo(6969);
    assertThat(shown.path("protocol").asText()).isEqualTo("udp");

    JsonNode list = json(HELPER + "list " + router.path("id").asText());
    assertThat(list).hasSize(1);
    assertThat(list.get(0).path("ID").asText()).isEqualTo(id);
    assertThat(list.get(0).path("Port").asInt()).isEqualTo(6969);

    assertThat(openstack(HELPER + "delete " + name + " " + id)).isEmpty();
    assertThat(json(HELPER + "list " + name)).isEmpty();
    assertThat(openstack("router delete " + name)).isEmpty();
  }

  @Test
  void whatIsRefusedIsSaidInOurWords() {
    String name = "edge-" + UUID.randomUUID();
    openstack("router create " + name);

    Ended ended =
        Ended.of(
            openstack((HELPER + "create --helper tftp --protocol tcp --port 69 " + name).split(" "))
                .arguments(),
            java.util.Map.of());
    assertThat(ended.expect(1))
        .contains("Conntrack Helper tftp does not support: tcp. Supported protocols are: udp");
  }

  @Test
  void routersAgentsAndExtensionsOnTheCommandLine() throws IOException {
    String name = "edge-" + UUID.randomUUID();
    String id = json("router create " + name).path("id").asText();

    JsonNode shown = json("router show " + name);
    assertThat(shown.path("id").asText()).isEqualTo(id);
    assertThat(shown.path("interfaces_info").toString()).isEqualTo("[]");
    assertThat(json("router list").findValuesAsText("ID")).contains(id);

    JsonNode agents = json("network agent list");
    assertThat(agents).hasSize(1);
    assertThat(agents.get(0).path("Agent Type").asText()).isEqualTo("Conntrack helper agent");
    assertThat(agents.get(0).path("Alive").asBoolean()).isTrue();
    assertThat(agents.get(0).path("State").asBoolean()).isTrue();
    JsonNode agent = json("network agent show " + agents.get(0).path("ID").asText());
    assertThat(agent.path("host").asText()).isEqualTo(agents.get(0).path("Host").asText());

    assertThat(json("extension list --network").findValuesAsText("Alias"))
        .contains("router", "l3-conntrack-helper", "agent");
    assertThat(json("extension show l3-conntrack-helper").path("name").asText())
        .isEqualTo("L3 Conntrack helper");
  }

  @Test
  void theSdk() throws IOException {
    Path script = temporary.resolve("life.py");
    Files.copy(Path.of("src/test/resources/openstack/life.py"), script);
    String said =
        Command.of("/usr/bin/python3", script.toString(), SERVICE.api().base()).within(LIMIT).run();
    assertThat(said.strip()).isEqualTo("all as expected");
  }
}
