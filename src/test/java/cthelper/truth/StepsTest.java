package cthelper.truth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a seed means. */
class StepsTest {

  private static List<Step> steps(long seed, int count) {
    Steps steps = new Steps(new Random(seed));
    return Stream.generate(steps::next).limit(count).toList();
  }

  @Test
  void theSameSeedGivesTheSameSteps() {
    assertThat(steps(1, 1000)).isEqualTo(steps(1, 1000)).isNotEqualTo(steps(2, 1000));
  }

  @Test
  void everyStepIsOneLine() {
    assertThat(steps(1, 5000)).allSatisfy(step -> assertThat(step.toString()).hasLineCount(1));
  }

  @Test
  void everyKindOfStepHappens() {
    Set<Class<?>> kinds = steps(1, 5000).stream().map(Step::getClass).collect(Collectors.toSet());
    assertThat(kinds).containsAll(leaves(Step.class).toList());
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(StepsTest::leaves)
        : Stream.of(type);
  }
}
