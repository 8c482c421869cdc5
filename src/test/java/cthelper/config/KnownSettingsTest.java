package cthelper.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A misspelt setting is never ignored, and none that is right is refused. */
class KnownSettingsTest {

  @Test
  void knownSettingsAreNotMentioned() {
    assertThat(
            KnownSettings.unknown(
                List.of("cthelper.data-dir", "cthelper.allowed-helpers[0]", "quarkus.http.port"),
                Map.of("CTHELPER_NETNS_DIR", "/x", "HOME", "/y")))
        .isEmpty();
    assertThat(
            KnownSettings.unknown(List.of("cthelper.data.dir"), Map.of("CTHELPER_DATA_DIR", "/x")))
        .isEmpty();
  }

  @Test
  void anUnknownPropertyNamesTheNearestOne() {
    assertThat(KnownSettings.unknown(List.of("cthelper.netnsdir"), Map.of()))
        .containsExactly("unknown setting cthelper.netnsdir; did you mean cthelper.netns-dir?");
  }

  @Test
  void anUnknownVariableIsSaidOnceInItsOwnSpelling() {
    assertThat(
            KnownSettings.unknown(
                List.of("cthelper.executor.tableowner"),
                Map.of("CTHELPER_EXECUTOR_TABLEOWNER", "true")))
        .containsExactly(
            "unknown setting CTHELPER_EXECUTOR_TABLEOWNER; did you mean CTHELPER_EXECUTOR_TABLE_OWNER?");
  }

  @Test
  void aKnownVariableIsFineInEverySpellingTheLibraryShows() {
    assertThat(
            KnownSettings.unknown(
                List.of("cthelper.data.dir", "cthelper.data-dir"),
                Map.of("CTHELPER_DATA_DIR", "/x")))
        .isEmpty();
  }

  @Test
  void theListHasEveryKeyOfTheMapping() {
    assertThat(KnownSettings.KEYS)
        .containsExactlyInAnyOrderElementsOf(keys("cthelper.", CtHelperConfig.class).toList());
  }

  private static Stream<String> keys(String prefix, Class<?> mapping) {
    return Arrays.stream(mapping.getDeclaredMethods())
        .filter(method -> !method.isSynthetic())
        .flatMap(method -> keys(prefix, method));
  }

  private static Stream<String> keys(String prefix, Method method) {
    String key = prefix + method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    boolean group =
        method.getReturnType().isInterface() && method.getReturnType().getEnclosingClass() != null;
    return group ? keys(key + ".", method.getReturnType()) : Stream.of(key);
  }
}
