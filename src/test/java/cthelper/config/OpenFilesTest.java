package cthelper.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many namespaces fit is told from the kernel's own words. */
class OpenFilesTest {

  private static OpenFiles of(String numbers) throws IOException {
    return OpenFiles.of(
        List.of(
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max processes             62987                62987                processes ",
            "Max open files            " + numbers + "                files     "));
  }

  @ParameterizedTest
  @CsvSource({
    "1024                 524288, 512",
    "513                  513, 1",
    "512                  4096, 0",
    "20                   20, 0",
    "unlimited            unlimited, 9223372036854775295"
  })
  void theSoftLimitCountsAndAReserveIsKept(String numbers, long namespaces) throws IOException {
    assertThat(of(numbers).forNamespaces()).isEqualTo(namespaces);
  }

  @Test
  void whatCannotBeUnderstoodIsSaid() {
    assertThatThrownBy(() -> of("many")).hasMessageContaining("cannot be understood: Max open");
    assertThatThrownBy(() -> OpenFiles.of(List.of()))
        .hasMessageContaining("no line Max open files");
  }

  @Test
  void thisProcessHasALimit() throws IOException {
    assertThat(OpenFiles.ofThisProcess().limit()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"0, 1024", "1, 1024", "255, 1024", "256, 2048", "5000, 11264"})
  void theLimitToAskForSufficesForTwiceAsMany(long namespaces, long enough) {
    assertThat(OpenFiles.wayOut(namespaces)).contains("ulimit -n " + enough + ",");
    assertThat(new OpenFiles(enough).forNamespaces()).isGreaterThanOrEqualTo(2 * namespaces);
  }
}
