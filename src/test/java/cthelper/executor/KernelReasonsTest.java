package cthelper.executor;

import static org.assertj.core.api.Assertions.assertThat;

import cthelper.model.Reason;
import cthelper.netfilter.Errno;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A kernel's error number becomes a reason of our closed set, never an exception. */
class KernelReasonsTest {

  @ParameterizedTest
  @CsvSource({
    "1, NOT_PERMITTED",
    "13, NOT_PERMITTED",
    "11, MACHINE_SHORT_OF_RESOURCES",
    "12, MACHINE_SHORT_OF_RESOURCES",
    "23, MACHINE_SHORT_OF_RESOURCES",
    "24, MACHINE_SHORT_OF_RESOURCES",
    "28, MACHINE_SHORT_OF_RESOURCES",
    "90, MACHINE_SHORT_OF_RESOURCES",
    "105, MACHINE_SHORT_OF_RESOURCES",
    "16, CONTENDED",
    "85, CONTENDED",
    "2, KERNEL_ERROR",
    "22, KERNEL_ERROR",
    "74, KERNEL_ERROR",
    "95, KERNEL_ERROR",
    "4095, KERNEL_ERROR"
  })
  void everyErrnoHasAReason(int number, Reason reason) {
    assertThat(KernelReasons.of(new Errno(number))).isEqualTo(reason);
  }
}
