package cthelper.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code docs/compatibility.md} and {@code docs/security.md} say about tests is true. */
class CompatibilityTest {

  private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]*(?:Test|IT))`");

  @ParameterizedTest
  @ValueSource(strings = {"docs/compatibility.md", "docs/security.md"})
  void everyTestThatIsNamedExists(String page) throws IOException {
    List<String> named =
        TEST.matcher(Files.readString(Path.of(page)))
            .results()
            .map(test -> test.group(1) + ".java")
            .distinct()
            .toList();
    try (Stream<Path> sources = Files.walk(Path.of("src/test/java"))) {
      List<String> there = sources.map(source -> source.getFileName().toString()).toList();
      assertThat(named).hasSizeGreaterThan(15).isSubsetOf(there);
    }
  }

  /** And no test of the API is left out. */
  @Test
  void everyTestOfTheApiIsNamed() throws IOException {
    String page = Files.readString(Path.of("docs/compatibility.md"));
    try (Stream<Path> sources = Files.list(Path.of("src/test/java/cthelper/api"))) {
      assertThat(
              sources
                  .map(source -> source.getFileName().toString().replace(".java", ""))
                  .filter(name -> name.endsWith("Test"))
                  .filter(name -> !NOT_OF_THE_CONTRACT.contains(name)))
          .allSatisfy(name -> assertThat(page).contains("`" + name + "`"));
    }
  }

  /** Of the document and of the log. */
  private static final List<String> NOT_OF_THE_CONTRACT =
      List.of(
          "BreakingChangesTest",
          "CompatibilityTest",
          "LogOfWritesTest",
          "OpenApiTest",
          "RequestMetersTest");
}
