package cthelper.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import cthelper.lab.PrivateNetns;
import jakarta.annotation.Nonnull;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that openapi-generator makes from openapi/openapi.yaml, against the service. The build
 * generates it; it is compiled here, where the strictness of our own sources does not reach it.
 */
@ExtendWith(PrivateNetns.class)
class GeneratedClientIT {

  private static final Path GENERATED = Path.of("target/generated-client/src/main/java");
  private static final Path PROGRAM = Path.of("src/test/resources/client/LifeCycle.java");

  /** One class of each library that a generated client needs, and no others. */
  private static final List<Class<?>> LIBRARIES =
      List.of(
          ObjectMapper.class,
          JsonParser.class,
          JsonProperty.class,
          JavaTimeModule.class,
          Nonnull.class);

  @RegisterExtension static final RunningService SERVICE = new RunningService();

  @TempDir Path classes;

  @Test
  void theLifeOfARouterAndItsHelpers() throws IOException {
    compile();
    String placed = UUID.randomUUID().toString();
    try (RouterNamespace _ = RouterNamespace.add(placed)) {
      Api api = SERVICE.api();
      api.awaitRouter(placed);
      api.awaitStatus(placed, api.createHelper(placed, "ftp", "tcp", 21), "ACTIVE");

      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      String path = classes + File.pathSeparator + libraries();
      List<String> command =
          List.of(java, "-XX:TieredStopAtLevel=1", "-cp", path, "LifeCycle", api.base(), placed);
      assertThat(Ended.of(command, Map.of()).expect(0)).isEqualTo("all as expected\n");
    }
  }

  private void compile() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> options =
        List.of("-proc:none", "-nowarn", "-d", classes.toString(), "-cp", libraries());
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> generated = Files.walk(GENERATED)) {
      List<Path> sources =
          Stream.concat(
                  generated.filter(file -> file.toString().endsWith(".java")), Stream.of(PROGRAM))
              .toList();
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as("the generated client compiles:%n%s", said).isTrue();
    }
  }

  private static String libraries() {
    return LIBRARIES.stream()
        .map(GeneratedClientIT::fileOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String fileOf(Class<?> type) {
    return Path.of(
            URI.create(
                Objects.requireNonNull(type.getProtectionDomain().getCodeSource())
                    .getLocation()
                    .toString()))
        .toString();
  }
}
